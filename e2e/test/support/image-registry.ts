import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { inject } from 'vitest';

import { freePorts, run, startComponent } from '../../harness/index.ts';
import { toolsOfRun } from './tools-of-run.ts';

/** A container registry on loopback, which speaks plain HTTP. */
export interface ImageRegistry extends AsyncDisposable {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  /** Runs crane, the client that reads images back. */
  crane(...args: readonly string[]): Promise<string>;
}

/** Starts an empty registry. The test file's first comment says `@needs registry`. */
export async function startImageRegistry(): Promise<ImageRegistry> {
  const { crane } = toolsOfRun('registry');
  await using failed = new AsyncDisposableStack();
  const directory = await mkdtemp(join(inject('e2e').workDirectory, 'registry-'));
  failed.defer(() => rm(directory, { recursive: true, force: true }));
  await mkdir(join(directory, 'blobs'));
  const [port = 0] = await freePorts(1);
  const address = `127.0.0.1:${port}`;
  failed.use(
    await startComponent({
      name: 'registry',
      binary: crane,
      args: ['registry', 'serve', '--address', address, '--disk', join(directory, 'blobs')],
      logFile: join(directory, 'registry.log'),
      isReady: async () => (await fetch(`http://${address}/v2/`)).ok,
      readyWithin: 10_000,
    }),
  );
  const everything = failed.move();
  return {
    address,
    crane: (...args) => run(crane, args),
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}
