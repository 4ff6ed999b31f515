import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { inject } from 'vitest';

import { run, startComponent } from '../../harness/index.ts';
import { toolsOfRun } from './tools-of-run.ts';

/** A containerd that keeps images and runs nothing. */
export interface ImageStore extends AsyncDisposable {
  /** Runs ctr in the namespace where the kubelet's images are, as an administrator on a node does. */
  ctr(...args: readonly string[]): Promise<string>;
}

/** The test file's first comment says `@needs containerd`. */
export async function startImageStore(): Promise<ImageStore> {
  const programs = toolsOfRun('containerd');
  await using failed = new AsyncDisposableStack();
  const directory = await mkdtemp(join(inject('e2e').workDirectory, 'image-store-'));
  failed.defer(() => rm(directory, { recursive: true, force: true }));
  const socket = join(directory, 'containerd.sock');
  const configuration = join(directory, 'config.toml');
  await writeFile(
    configuration,
    `version = 3
root = '${directory}/root'
state = '${directory}/state'
disabled_plugins = ['io.containerd.grpc.v1.cri', 'io.containerd.cri.v1.images', 'io.containerd.cri.v1.runtime']
[grpc]
  address = '${socket}'
`,
  );
  const ctr = (...args: readonly string[]): Promise<string> =>
    run(programs.ctr, ['--address', socket, '--namespace', 'k8s.io', ...args]);
  failed.use(
    await startComponent({
      name: 'containerd',
      binary: programs.containerd,
      args: ['--config', configuration],
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
      logFile: join(directory, 'containerd.log'),
      isReady: async () => (await ctr('version')).includes('Server'),
      readyWithin: 20_000,
    }),
  );
  const everything = failed.move();
  return { ctr, [Symbol.asyncDispose]: () => everything.disposeAsync() };
}
