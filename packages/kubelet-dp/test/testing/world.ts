import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  healthyDevices,
  startRawPlugin,
  type RawPlugin,
  type RawPluginOptions,
} from '../../src/testing/conformance/raw-plugin.ts';
import { startFakeKubelet, type FakeKubelet, type FakeKubeletOptions } from '../../src/testing/index.ts';

export const resourceName = 'example.com/slot';

/** A fake kubelet in a directory of its own, both of which end with it. */
export interface World extends AsyncDisposable {
  readonly kubelet: FakeKubelet;
  /** Registered, with so many healthy devices. */
  plugin(count: number, options?: Partial<RawPluginOptions>): Promise<RawPlugin>;
}

export async function openWorld(options: Omit<FakeKubeletOptions, 'directory'> = {}): Promise<World> {
  await using ending = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'bwki-kubelet-'));
  ending.defer(() => rm(directory, { recursive: true }));
  const kubelet = ending.use(await startFakeKubelet({ directory, dialTimeoutMs: 300, ...options }));
  const open = ending.move();
  return {
    kubelet,
    plugin: async (count, changed) => {
      const devices = healthyDevices(count);
      return open.use(await startRawPlugin({ directory, resourceName, devices, ...changed }));
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}
