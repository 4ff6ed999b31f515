import { Backoff, systemClock } from '@bwki/timing';

import type { DeviceList } from './device-list.ts';
import type { DevicePluginError } from './device-plugin-error.ts';
import type { DevicePlugin } from './device-plugin.ts';
import { DirectoryWatch } from './directory-watch.ts';
import { followDevices } from './follow-devices.ts';
import { keepRegistered } from './keep-registered.ts';
import { Latest } from './latest.ts';
import { LifeCycle } from './life-cycle.ts';
import { ListStreams } from './list-streams.ts';
import { PluginCalls } from './plugin-calls.ts';
import type { PluginEvent } from './plugin-event.ts';
import { PluginServer } from './plugin-server.ts';
import { register } from './register.ts';
import { checkResourceName } from './resource-name.ts';
import type { ServedDevicePlugin, ServeOptions } from './serve-options.ts';
import { SiblingSockets } from './sibling-sockets.ts';
import { SocketNames } from './socket-name.ts';

const backoffLimits = { firstMs: 250, maxMs: 30_000 };

/**
 * Offers a plugin's devices to the kubelet of this node, over all restarts of it, until it is disposed of.
 *
 * @returns once it listens; it registers as soon as there is a kubelet, and again whenever that is needed
 * @throws DevicePluginError DEVICE_RESOURCE_NAME_INVALID, DEVICE_SOCKET_NAME_INVALID, DEVICE_SOCKET_PATH_TOO_LONG,
 *   DEVICE_DIRECTORY_MISSING, DEVICE_DIRECTORY_DENIED, DEVICE_LISTEN_FAILED: what only somebody can mend
 */
export async function serveDevicePlugin(
  plugin: DevicePlugin,
  options: ServeOptions = {},
): Promise<ServedDevicePlugin> {
  options.signal?.throwIfAborted();
  const { resourceName } = plugin;
  checkResourceName(resourceName);
  const {
    directory = '/var/lib/kubelet/device-plugins',
    socketName: stem = resourceName.replaceAll('/', '_'),
    pollMs = 1000,
    clock = systemClock,
  } = options;
  const names = new SocketNames({ directory, stem, resourceName, clock });
  const siblings = new SiblingSockets(directory, names);
  const lists = new Latest<DeviceList>();
  const wake = new Latest<undefined>();
  const registrations = new Latest<undefined>();
  let listError: DevicePluginError | undefined;
  const emit = (event: PluginEvent): void => {
    if (event.kind === 'stream-ended') wake.set(undefined);
    if (event.kind === 'registered') registrations.set(undefined);
    if (event.kind === 'list-refused' || event.kind === 'devices-failed') listError = event.error;
    if (event.kind === 'list-accepted') listError = undefined;
    tell(options.onEvent, event);
  };
  const calls = new PluginCalls({ plugin, lists, emit });
  let streamNumber = 0;
  const nextNumber = (): number => (streamNumber += 1);
  const lifeCycle = new LifeCycle({
    directory,
    names,
    siblings,
    openServer: (socketPath) =>
      PluginServer.open({
        socketPath,
        calls,
        streams: new ListStreams({ lists, nextNumber, emit }),
        onFault: (error) => {
          emit({ kind: 'connection-failed', error });
        },
      }),
    register: (kubeletPath, socketPath, signal) =>
      register({ kubeletPath, socketPath, resourceName, options: calls.options(), clock, signal }),
    changes: wake,
    pollMs,
    backoff: new Backoff(backoffLimits, clock),
    clock,
    emit,
  });
  await lifeCycle.open();

  const ending = new AbortController();
  const end = (): void => {
    ending.abort();
  };
  const { signal } = ending;
  options.signal?.addEventListener('abort', end, { once: true });
  if (options.signal?.aborted === true) end();
  const run = async (): Promise<void> => {
    using watch = new DirectoryWatch(directory, () => {
      wake.set(undefined);
    });
    try {
      await Promise.all([
        followDevices({
          plugin,
          lists,
          backoff: new Backoff(backoffLimits, clock),
          clock,
          emit,
          signal,
        }),
        siblings.removeStale(clock, signal).then((socketPaths) => {
          for (const socketPath of socketPaths) emit({ kind: 'stale-socket-removed', socketPath });
        }),
        keepRegistered({ lifeCycle, watch, wake, pollMs, clock, signal }),
      ]);
    } finally {
      end();
      options.signal?.removeEventListener('abort', end);
      await lifeCycle.close();
      emit({ kind: 'stopped' });
    }
  };
  const ended = run();
  return {
    get isRegistered() {
      return lifeCycle.isRegistered;
    },
    get isListed() {
      return lifeCycle.isListed;
    },
    get listError() {
      return listError;
    },
    registered: async (waiting) => {
      const over = waiting === undefined ? signal : AbortSignal.any([signal, waiting]);
      while (!lifeCycle.isRegistered) {
        const next = await registrations.after(registrations.entry, over);
        waiting?.throwIfAborted();
        if (next === undefined) throw new Error(`the plugin of ${resourceName} has ended`);
      }
    },
    ended,
    [Symbol.asyncDispose]: () => {
      end();
      return ended;
    },
  };
}

/** As an `EventTarget` does: a listener that throws is a fault of its own, and does not change what is done here. */
function tell(onEvent: ServeOptions['onEvent'], event: PluginEvent): void {
  try {
    onEvent?.(event);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
