import { describe, expect, it } from 'vitest';

import { bwki, podText, type World } from './bwki.ts';

const memoryPod = podText('a').replace('percent: 50', 'memory: 4G').replace('gpu-percent', 'gpu-memory');

async function sum(args: readonly string[], world: World = {}): Promise<string> {
  const { stdout, stderr } = await bwki(['quota', '--memory', '4G', ...args], world);
  return (stdout === '' ? stderr : stdout).split('\n')[0] ?? '';
}

const config = (text: string): World => ({ files: { config: text } });

describe('TOTAL_GPU_MEMORY', () => {
  it.each([
    ['the flag', ['--total-memory', '16000'], '16000M'],
    ['the environment', [], '8000M'],
    ['the flag above the environment', ['--total-memory', '10G'], '10000M'],
    ['the environment above the file', ['--config', 'config'], '8000M'],
  ])('B21: %s', async (_, args, total) => {
    const env = args.includes('16000') ? {} : { TOTAL_GPU_MEMORY: '8G' };
    expect(await sum(args, { env, ...config('totalGpuMemory: 5G\n') })).toContain(` / ${total} x `);
  });

  it('B21: the file, where flag and environment are silent', async () => {
    const world = { ...config('totalGpuMemory: 5000\n'), env: { TOTAL_GPU_MEMORY: ' ' } };
    expect(await sum(['--config', 'config'], world)).toContain(' / 5000M x ');
  });

  it.each([['--total-memory', '0'], []])(
    'B21: 0 or nothing refuses memory, and names the setting (%s)',
    async (...args) => {
      expect(await sum(args)).toMatch(/^--memory 4G: .*TOTAL_GPU_MEMORY.*QUOTA_TOTAL_MEMORY_UNSET\)$/);
      expect(await bwki(['quota', '--percent', '50', ...args])).toMatchObject({ code: 0 });
    },
  );

  it.each(['inject', 'explain', 'validate'])('B21: %s takes it too', async (command) => {
    const image = command === 'inject' ? ['--client-image', 'i'] : [];
    const args = [command, '-f', '-', '--total-memory', '16000'];
    expect(await bwki([...args, ...image], { stdin: memoryPod })).toMatchObject({ code: 0, stderr: '' });
    const { code, stderr } = await bwki(args.slice(0, 3), { stdin: memoryPod });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^<stdin>:15:11: spec.containers\[0\].*\(QUOTA_TOTAL_MEMORY_UNSET\)\n$/);
  });

  it.each([
    [['--total-memory', 'lots'], {}, /^--total-memory: .*\(QUOTA_TOTAL_MEMORY_INVALID\)\n$/],
    [[], { TOTAL_GPU_MEMORY: '-1' }, /^TOTAL_GPU_MEMORY: .*\(QUOTA_TOTAL_MEMORY_INVALID\)\n$/],
  ])('B21: a wrong one is wrong usage: %j %j', async (args, env, message) => {
    const { code, stdout, stderr } = await bwki(['quota', ...args], { env });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});

describe('--config', () => {
  it('§8: every fault is listed with its place and field, and is wrong usage', async () => {
    const world = config('# policy\nshell: []\nclientImagee: x\ncatalog:\n- kind: package\n  os: "a b"\n');
    const { code, stderr } = await bwki(['validate', '-f', '-', '--config', 'config'], world);
    expect(code).toBe(2);
    expect(stderr.match(/^config:\d+:\d+: [\w.[\]]*/gm)).toEqual([
      'config:2:1: shell',
      'config:2:1: Unrecognized',
      'config:5:3: catalog[0].version',
      'config:5:3: catalog[0].package',
      'config:5:3: catalog[0].libraryPath',
      'config:6:3: catalog[0].os',
    ]);
  });

  it.each<[name: string, text: string | null]>([
    ['a directory', null],
    ['no YAML', 'a: [\n'],
    ['two documents', 'shell: [sh, -c]\n---\nshell: [bash, -c]\n'],
    ['a list', '- a\n'],
  ])('§8: %s is wrong usage', async (_, text) => {
    const called = await bwki(['validate', '-f', '-', '--config', 'config'], { files: { config: text } });
    expect(called).toMatchObject({ code: 2, stdout: '' });
    expect(called.stderr).toMatch(/^config.* \([A-Z0-9_]+\)\n$/);
  });

  it('§8: one in which all is commented out changes nothing', async () => {
    const world = { ...config('# shell: [sh]\n'), stdin: podText('a') };
    expect(await bwki(['validate', '-f', '-', '--config', 'config'], world)).toMatchObject({ code: 0 });
  });

  it('B31: the shell is configurable', async () => {
    const stdin = podText('a').replace('[python, train.py]', "['python train.py']");
    const world = { ...config('shell: [/bin/sh, -ec]\n'), stdin };
    const { stdout } = await bwki(['explain', '-f', '-', '--config', 'config'], world);
    expect(stdout).toContain(`-- /bin/sh -ec 'python train.py'`);
  });
});
