import { describe, expect, it } from 'vitest';

import { buildCommand, findEngine, pushCommand, saveCommand, type ImageBuild } from '../src/engine.ts';

/** A machine where only these programs answer. */
function machineWith(...programs: readonly string[]) {
  return (program: string) => Promise.resolve({ ok: programs.includes(program), stdout: '', stderr: '' });
}

const build: ImageBuild = {
  reference: 'r.example/bwki/bitfusion-webhook:1',
  containerfile: 'deploy/images/webhook/Containerfile',
  context: 'staged/webhook',
  buildArguments: { VERSION: '0.1.0', BASE: 'node' },
  epoch: 1_700_000_000,
};

describe('the container engine', () => {
  it('is the first that answers', async () => {
    expect(await findEngine('', machineWith('docker', 'podman'))).toEqual({
      kind: 'podman',
      command: ['podman'],
    });
    expect(await findEngine('', machineWith('docker', 'buildah'))).toMatchObject({ kind: 'buildah' });
  });

  it('is the one that was asked for, with its flags', async () => {
    expect(await findEngine(' /opt/bin/buildah  --storage-driver vfs', machineWith('docker'))).toEqual({
      kind: 'buildah',
      command: ['/opt/bin/buildah', '--storage-driver', 'vfs'],
    });
  });

  it('is missing in words that say what to do', async () => {
    await expect(findEngine('', machineWith())).rejects.toThrow('apt-get install buildah');
    await expect(findEngine('kaniko', machineWith('docker'))).rejects.toThrow("ENGINE is 'kaniko'");
  });

  it.each(['buildah', 'podman'] as const)('builds with fixed times and without its own label: %s', (kind) => {
    expect(buildCommand({ kind, command: [kind, '--root', '/x'] }, build)).toEqual([
      ...[kind, '--root', '/x', 'build'],
      ...['--timestamp=1700000000', '--identity-label=false', '--format=oci', '--layers=false'],
      ...['--build-arg=VERSION=0.1.0', '--build-arg=BASE=node', '--tag=r.example/bwki/bitfusion-webhook:1'],
      ...['--file=deploy/images/webhook/Containerfile', 'staged/webhook'],
    ]);
  });

  it('builds with a fixed time of the image: docker', () => {
    const command = buildCommand({ kind: 'docker', command: ['docker'] }, build);
    expect(command).toContain('--build-arg=SOURCE_DATE_EPOCH=1700000000');
    expect(command).not.toContain('--identity-label=false');
  });

  it('pushes, and saves what `docker load` and `ctr images import` take', () => {
    const { reference } = build;
    const buildah = { kind: 'buildah', command: ['buildah'] } as const;
    expect(pushCommand(buildah, reference)).toEqual(['buildah', 'push', reference]);
    expect(saveCommand(buildah, reference, 'x.tar').at(-1)).toBe(`docker-archive:x.tar:${reference}`);
    expect(saveCommand({ kind: 'docker', command: ['docker'] }, reference, 'x.tar')).toEqual([
      ...['docker', 'save', '--output=x.tar', reference],
    ]);
  });
});
