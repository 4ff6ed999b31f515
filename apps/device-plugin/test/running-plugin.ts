import { createLog, type LogLevel } from '@bwki/daemon';
import { startFakeKubelet, type FakeKubelet, type FakeKubeletOptions } from '@bwki/kubelet-dp/testing';

import { expect, vi } from 'vitest';

import type { PoolAnswer } from '../src/capacity/pool.ts';
import {
  type CapacityChoice,
  createMetrics,
  type DevicePluginOptions,
  type RunningDevicePlugin,
  startDevicePlugin,
} from '../src/index.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export const resourceName = 'bitfusion.io/gpu';

export interface PluginAtKubelet extends AsyncDisposable {
  readonly plugin: RunningDevicePlugin;
  readonly kubelet: FakeKubelet;
  readonly directory: string;
  /** The lines of the log so far, parsed. */
  lines(): readonly Readonly<Record<string, unknown>>[];
  /** The samples of a metric as they are printed. */
  metric(name: string): Promise<readonly string[]>;
  status(path: '/healthz' | '/readyz'): Promise<readonly [number, string]>;
  /** Resolves once `/readyz` says so. */
  ready(): Promise<void>;
}

export interface PluginAtKubeletOptions {
  readonly capacity?: CapacityChoice;
  /** Takes the client's place. */
  readonly askPool?: () => Promise<PoolAnswer>;
  readonly version?: FakeKubeletOptions['version'];
  readonly logLevel?: LogLevel;
}

export function optionsFor(directory: string): DevicePluginOptions {
  return {
    resourceName,
    socketName: 'bitfusion',
    directory,
    capacity: { kind: 'static', units: 1000 },
    host: '127.0.0.1',
    healthPort: 0,
    logLevel: 'info',
  };
}

/** The whole plugin beside a kubelet that behaves as the real one, on real sockets. */
export async function pluginAtKubelet(settings: PluginAtKubeletOptions = {}): Promise<PluginAtKubelet> {
  const { capacity, askPool, version } = settings;
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(await temporaryDirectory());
  const kubelet = stack.use(await startFakeKubelet({ directory: path, ...(version && { version }) }));
  const written: string[] = [];
  const metrics = createMetrics();
  const options = optionsFor(path);
  const plugin = stack.use(
    await startDevicePlugin(capacity === undefined ? options : { ...options, capacity }, {
      log: createLog('info', { write: (line) => written.push(line) }),
      signal: new AbortController().signal,
      metrics,
      askPool,
    }),
  );
  const status: PluginAtKubelet['status'] = async (health) => {
    const response = await fetch(plugin.healthUrl + health);
    return [response.status, await response.text()];
  };
  const end = stack.move();
  return {
    plugin,
    kubelet,
    directory: path,
    lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>),
    metric: async (name) =>
      (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith(name)),
    status,
    ready: async () => {
      await vi.waitFor(
        async () => {
          expect(await status('/readyz')).toEqual([200, 'ok\n']);
        },
        { timeout: 10_000, interval: 10 },
      );
    },
    [Symbol.asyncDispose]: () => end.disposeAsync(),
  };
}
