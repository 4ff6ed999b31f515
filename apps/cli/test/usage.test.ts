import { describe, expect, it } from 'vitest';

import { bwki } from './bwki.ts';
import { golden } from './golden.ts';

const commands = ['demo', 'explain', 'inject', 'validate', 'quota', 'health', 'kernel'];

describe('help', () => {
  it.each(['', ...commands])('§8: bwki %s --help has examples', async (command) => {
    const { code, stdout, stderr } = await bwki(command === '' ? ['--help'] : [command, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('\nExamples:\n');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
    await expect(stdout).toMatchFileSnapshot(golden(`help${command === '' ? '' : `-${command}`}.txt`));
  });

  it('§8: the version', async () => {
    expect(await bwki(['--version'])).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' });
  });
});

describe('wrong usage', () => {
  it.each([
    [[]],
    [['nonsense']],
    [['inject']],
    [['inject', '-f']],
    [['inject', '--nonsense', '-f', 'x']],
    [['inject', '-f', 'x', 'y']],
    [['inject', '-f', 'x', '-o', 'xml']],
    [['explain', '-f', 'x', '-o', 'yaml']],
    [['quota', '--percent', '5', '--memory', '5']],
    [['health', '--timeout', 'soon']],
    [['kernel', '--amount', '0']],
    [['kernel', '--partial', '2']],
    [['kernel', '--partial', '0.5', '--memory', '5']],
  ])('§8: %j is exit code 2, with a hint', async (args) => {
    const { code, stdout, stderr } = await bwki(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(args.length === 0 ? /^Usage: bwki/ : /^error: .*\n\(bwki help tells more\)\n$/s);
  });
});
