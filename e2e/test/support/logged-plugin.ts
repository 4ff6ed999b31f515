import { createLog } from '@bwki/daemon';
import { createMetrics, type RunningDevicePlugin, startDevicePlugin } from '@bwki/device-plugin';

import type { OneNodeCluster } from '../../harness/index.ts';

/** A device plugin of this process, and what it logs. */
export interface LoggedPlugin {
  readonly plugin: RunningDevicePlugin;
  /** Milliseconds since 1970 of each line that says `message`. */
  times(message: string): readonly number[];
  /** What it wrote last. */
  lastLines(): string;
}

/** Offers 1,000 units to the kubelet of a node. */
export async function startLoggedPlugin(
  cluster: OneNodeCluster,
  resourceName: string,
): Promise<LoggedPlugin> {
  const lines: string[] = [];
  const plugin = await startDevicePlugin(
    {
      resourceName,
      socketName: 'bitfusion',
      directory: cluster.devicePluginDirectory,
      capacity: { kind: 'static', units: 1000 },
      host: '127.0.0.1',
      healthPort: 0,
      logLevel: 'info',
    },
    {
      log: createLog('info', { write: (line) => lines.push(line) }),
      signal: new AbortController().signal,
      metrics: createMetrics(),
    },
  );
  const times = (message: string): readonly number[] =>
    lines.flatMap((line) => {
      const { msg, time } = JSON.parse(line) as { readonly msg: string; readonly time: string };
      return msg === message ? [Date.parse(time)] : [];
    });
  return { plugin, times, lastLines: () => lines.slice(-8).join('') };
}
