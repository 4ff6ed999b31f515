import {
  clientHost,
  Closers,
  closeServer,
  type Daemon,
  type DaemonSurroundings,
  healthServer,
  listen,
  listeningAddress,
  StartFault,
} from '@bwki/daemon';
import { DevicePluginError, serveDevicePlugin, systemClock } from '@bwki/kubelet-dp';

import { bitfusionPlugin } from './bitfusion-plugin.ts';
import type { Capacity, CapacitySource } from './capacity/capacity.ts';
import { fixedCapacityFault } from './capacity/list-limit.ts';
import { clientPool, type AskPool } from './capacity/pool.ts';
import { poolCapacity } from './capacity/pool-capacity.ts';
import { staticCapacity } from './capacity/static-capacity.ts';
import type { CapacityChoice, DevicePluginOptions } from './device-plugin-options.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { pluginRecord, type PluginRecord } from './plugin-record.ts';
import { unready, unregistered } from './readiness.ts';

/** What the plugin takes from its surroundings. What is left out comes from the options. */
export interface DevicePluginSurroundings extends DaemonSurroundings {
  /** The client's whole environment. */
  readonly clientEnvironment?: Readonly<Record<string, string>> | undefined;
  /** Default: a set of its own. */
  readonly metrics?: Metrics | undefined;
  readonly now?: (() => Date) | undefined;
  /** Asks the pool; default: the client of the options. */
  readonly askPool?: AskPool | undefined;
}

/** A device plugin that serves its node. */
export interface RunningDevicePlugin extends Daemon {
  /** `http://127.0.0.1:8082` */
  readonly healthUrl: string;
  readonly isRegistered: boolean;
  /** Whether the kubelet has been sent a list of units. */
  readonly isListed: boolean;
}

/** How long a scrape that is under way may take at the end. */
const graceMs = 1000;

/**
 * Starts the device plugin; resolves once its port is open and its socket is served, which may be before the kubelet
 * is there.
 *
 * @throws StartFault for a resource name, number of units, directory, socket name or port that cannot be used
 */
export async function startDevicePlugin(
  options: DevicePluginOptions,
  surroundings: DevicePluginSurroundings,
): Promise<RunningDevicePlugin> {
  const closers = new Closers();
  try {
    return await open(options, surroundings, closers);
  } catch (error) {
    await closers.close();
    throw error instanceof DevicePluginError ? new StartFault([`${error.message} (${error.code})`]) : error;
  }
}

async function open(
  options: DevicePluginOptions,
  surroundings: DevicePluginSurroundings,
  closers: Closers,
): Promise<RunningDevicePlugin> {
  const { log, signal, metrics = createMetrics(), now = () => new Date() } = surroundings;
  const { resourceName, socketName, directory, host } = options;
  const fault = fixedCapacityFault(options.capacity);
  if (fault !== undefined) throw new StartFault([fault]);
  const record = pluginRecord(log, metrics, now);
  let known: Capacity | undefined;
  const served = await serveDevicePlugin(
    bitfusionPlugin({
      resourceName,
      capacity: capacitySource(options.capacity, surroundings, record),
      onCapacity: (capacity) => {
        known = capacity;
        record.capacity(capacity);
      },
    }),
    {
      directory,
      socketName,
      signal,
      onEvent: (event) => {
        record.event(event);
      },
    },
  );
  closers.add(() => served[Symbol.asyncDispose]());

  const health = healthServer({
    registry: metrics.registry,
    unhealthy: () => unregistered({ options, served }),
    unready: () => unready({ options, served, capacity: () => known }),
  });
  const port = await listen(health, { host, port: options.healthPort, portOption: '--healthPort' });
  closers.add(() => closeServer(health, graceMs));
  log.info({ healthUrl: `http://${listeningAddress(health)}`, resourceName, directory }, 'started');
  return {
    healthUrl: `http://${clientHost(host)}:${port}`,
    get isRegistered() {
      return served.isRegistered;
    },
    get isListed() {
      return served.isListed;
    },
    [Symbol.asyncDispose]: () => closers.close(),
  };
}

function capacitySource(
  choice: CapacityChoice,
  { clientEnvironment, askPool }: DevicePluginSurroundings,
  record: PluginRecord,
): CapacitySource {
  if (choice.kind === 'static') return staticCapacity(choice.units);
  const { client, clientTimeoutMs, intervalMs, nodes } = choice;
  const asked = { binary: client, timeout: clientTimeoutMs };
  return poolCapacity({
    askPool:
      askPool ?? clientPool(clientEnvironment === undefined ? asked : { ...asked, env: clientEnvironment }),
    intervalMs,
    nodes,
    onAnswer: (answer) => {
      record.poolAnswer(answer);
    },
    sleep: (milliseconds, signal) => systemClock.sleep(milliseconds, signal),
  });
}
