import { describe, expect, it } from 'vitest';

import { bwki, injecting, podText, type World } from './bwki.ts';

const inject = (...args: readonly string[]) => ['inject', '-f', '-', ...args];
const world: World = { stdin: podText('a') };

/** A cluster whose webhook has this text as its policy. */
function installed(text: string, namespace = 'bwki'): NonNullable<World['kubectl']> {
  return (args) => {
    expect(args).toEqual([
      'get',
      'configmap',
      'bwki-webhook-configmap',
      `--namespace=${namespace}`,
      '--output=json',
    ]);
    return {
      status: 0,
      stdout: JSON.stringify({ kind: 'ConfigMap', data: { 'config.yaml': text } }),
      stderr: '',
    };
  };
}

describe('B74: the image that carries the client', () => {
  it.each([[[]], [['--config', 'policy']], [['-o', 'patch']]])(
    'without one nothing is injected, and all ways to name it are said (%j)',
    async (args) => {
      const files = { policy: 'totalGpuMemory: 16000\n' };
      const { code, stdout, stderr } = await bwki(inject(...args), { ...world, files });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/--client-image.*--from-cluster.*--config.*\(CLIENT_IMAGE_MISSING\)\n$/);
    },
  );

  it('none is needed where nothing is injected, nor to explain and to validate', async () => {
    const stdin = 'kind: X\n';
    expect(await bwki(inject(), { stdin })).toEqual({ code: 0, stdout: stdin, stderr: '' });
    const once = await bwki([...injecting, '-f', '-'], world);
    expect(await bwki(inject(), { stdin: once.stdout })).toEqual({ ...once, stdout: once.stdout });
    for (const command of ['explain', 'validate']) {
      expect(await bwki([command, '-f', '-'], world)).toMatchObject({ code: 0, stderr: '' });
    }
  });

  it.each<[string, readonly string[], string]>([
    ['the flag', ['--client-image', 'flag'], 'flag'],
    ['the file', ['--config', 'policy'], 'file'],
    ['the flag above the file', ['--config', 'policy', '--client-image', 'flag'], 'flag'],
    ['the cluster', ['--from-cluster'], 'cluster'],
    ['the flag above the cluster', ['--from-cluster', '--client-image', 'flag'], 'flag'],
  ])('is named by %s', async (_, args, image) => {
    const files = { policy: 'clientImage: file\n' };
    const { code, stdout } = await bwki(inject(...args), {
      ...world,
      files,
      kubectl: installed('clientImage: cluster\n'),
    });
    expect(code).toBe(0);
    expect(stdout).toContain(`image: ${image}\n`);
  });

  it('is refused by the flag where it is none', async () => {
    const { code, stderr } = await bwki(inject('--client-image', 'a b'), world);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^--client-image "a b": .*\(POLICY_INVALID\)\n$/);
  });
});

describe('B74: --from-cluster', () => {
  it('takes the whole policy of the webhook, in the namespace that is given', async () => {
    const stdin = podText('a').replace('percent: 50', 'memory: 4G').replace('gpu-percent', 'gpu-memory');
    const kubectl = installed('totalGpuMemory: 8G\n', 'other');
    const { code, stdout } = await bwki(['explain', '--from-cluster', 'other', '-f', '-'], {
      stdin,
      kubectl,
    });
    expect(code).toBe(0);
    expect(stdout).toContain('8000M');
  });

  it('a fault of that policy is said with its place', async () => {
    const kubectl = installed('# policy\nshell: []\n');
    const { code, stderr } = await bwki(inject('--from-cluster'), { ...world, kubectl });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^configmap\/bwki-webhook-configmap\[config\.yaml\]:2:1: shell: .*\(POLICY_INVALID\)\n$/,
    );
  });

  it.each<[string, string, string]>([
    ['kubectl fails', 'Error from server (NotFound): no\nmore', 'Error from server (NotFound): no'],
    ['kubectl is not there', 'spawn kubectl ENOENT', 'spawn kubectl ENOENT'],
  ])('%s: wrong usage, with its words', async (_, stderr, said) => {
    const kubectl = () => ({ status: 1, stdout: '', stderr });
    const called = await bwki(inject('--from-cluster'), { ...world, kubectl });
    expect(called).toEqual({
      code: 2,
      stdout: '',
      stderr: `--from-cluster: kubectl cannot read configmap/bwki-webhook-configmap in bwki: ${said} (CLUSTER_UNREADABLE)\n`,
    });
  });

  it.each(['', 'null', '[]', '{"data":null}', '{"data":{"config.yaml":1}}'])(
    'an answer of %j',
    async (stdout) => {
      const kubectl = () => ({ status: 0, stdout, stderr: '' });
      const called = await bwki(inject('--from-cluster'), { ...world, kubectl });
      expect(called).toMatchObject({ code: 2, stdout: '' });
      expect(called.stderr).toContain('has no config.yaml (CLUSTER_UNREADABLE)');
    },
  );

  it('stands beside no --config', async () => {
    const args = inject('--from-cluster', '--config', 'policy');
    expect(await bwki(args, world)).toMatchObject({ code: 2, stdout: '' });
  });
});
