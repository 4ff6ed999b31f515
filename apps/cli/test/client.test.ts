import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { standIn, standInEnvironment, standInRoot } from '@bwki/bitfusion-cli-wrap/testing';

import { bwki } from './bwki.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'bwki-cli-'));
  await standInRoot({ root });
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

const env = (failure?: 'unreachable' | 'token-expired'): Record<string, string> => ({
  PATH: '/usr/bin:/bin',
  ...standInEnvironment({ root, home: '/root', ...(failure && { failure }) }),
});

describe('bwki health', () => {
  it('§8: a table of all checks of all machines', async () => {
    const { code, stdout } = await bwki(['health', '--binary', standIn], { env: env() });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^server 192\.0\.2\.1:56001\n {2}PASS {5}\S.*\n/);
    expect(stdout).toContain('\nthis machine\n');
  });

  it('§8: the same for programs', async () => {
    const { stdout } = await bwki(['health', '--binary', standIn, '--json'], { env: env() });
    expect(JSON.parse(stdout)).toMatchObject([{ server: '192.0.2.1:56001', fatal: false }, { server: null }]);
  });

  it.each([
    [standIn, 'unreachable' as const, /the client gave up: none of the servers/],
    [standIn, 'token-expired' as const, /the client gave up: Token expired at/],
    ['/no/bitfusion', undefined, /there is no \/no\/bitfusion: install/],
    [import.meta.filename, undefined, /cannot be started: EACCES/],
    ['false', undefined, /the client ended with code 1/],
    ['true', undefined, /printed something else than the answer/],
  ])('§8: %s, %s: why there is none', async (binary, failure, message) => {
    const { code, stdout, stderr } = await bwki(['health', '--binary', binary], { env: env(failure) });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).not.toContain('\n');
  });
});

describe('bwki kernel', () => {
  it.each([
    [[], {}, ['-n', '1']],
    [['--amount', '2', '--partial', '0.5'], {}, ['-n', '2', '-p', '0.5']],
    [['--memory', '2048'], { BITFUSION_GPU_PARTIAL: '1' }, ['-n', '1', '-m', '2048']],
    [[], { BITFUSION_GPU_AMOUNT: '3', BITFUSION_GPU_PARTIAL: '0.25' }, ['-n', '3', '-p', '0.25']],
    [[], { BITFUSION_GPU_AMOUNT: '1', BITFUSION_GPU_MEMORY_FLAG: '7630' }, ['-n', '1', '-m', '7630']],
  ])('B35: %j with %j', async (args, variables, flags) => {
    const { code, stdout } = await bwki(['kernel', ...args], { env: variables });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      argv: [
        'bitfusion',
        'run',
        ...flags,
        '--',
        'python3',
        '-m',
        'ipykernel_launcher',
        '-f',
        '{connection_file}',
      ],
      language: 'python',
    });
  });

  it('§8: is installed where Jupyter looks', async () => {
    const { stdout } = await bwki(['kernel', '--install', join(root, 'kernels')]);
    expect(stdout).toBe(`${join(root, 'kernels/bitfusion/kernel.json')}\n`);
    expect(await readFile(stdout.trimEnd(), 'utf8')).toBe((await bwki(['kernel'])).stdout);
  });

  it('§8: a place that cannot be written to is wrong usage', async () => {
    const { code, stderr } = await bwki(['kernel', '--install', import.meta.filename]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^--install: .* cannot be written: E\w+ \(USAGE\)\n$/);
  });
});
