import { type Backoff, type Clock, untilAborted } from '@bwki/timing';

import { DeviceList } from './device-list.ts';
import { DevicePluginError, toDevicePluginError } from './device-plugin-error.ts';
import type { DevicePlugin } from './device-plugin.ts';
import type { Device } from './device.ts';
import { type Entry, Latest } from './latest.ts';
import type { ListEvent } from './plugin-event.ts';

/** The kubelet writes a file for each list that it gets, and a large one takes time to encode. */
const pauseMs = 100;

export interface FollowDevicesOptions {
  readonly plugin: DevicePlugin;
  readonly lists: Latest<DeviceList>;
  readonly backoff: Backoff;
  readonly clock: Clock;
  readonly emit: (event: ListEvent) => void;
  readonly signal: AbortSignal;
}

/**
 * Keeps `lists` at what the plugin says its devices are: at once, but not more often than every 100 ms (B63). Resolves
 * with the abort; never rejects.
 */
export async function followDevices(options: FollowDevicesOptions): Promise<void> {
  const said = new Latest<Iterable<Device>>();
  await Promise.all([readDevices(options, said), publishLists(options, said)]);
}

/** Reads all that the plugin says, so that none of it waits in the plugin; again after a pause where that fails. */
async function readDevices(options: FollowDevicesOptions, said: Latest<Iterable<Device>>): Promise<void> {
  while (!options.signal.aborted) {
    try {
      await readOnce(options, said);
      return;
    } catch (thrown) {
      await waitAfterFailure(options, toDevicePluginError(thrown, 'DEVICE_LIST_FAILED'));
    }
  }
}

/** What fails because all ends is no failure. */
async function waitAfterFailure(
  { backoff, clock, emit, signal }: FollowDevicesOptions,
  error: DevicePluginError,
): Promise<void> {
  if (signal.aborted) return;
  const retryInMs = backoff.next();
  emit({ kind: 'devices-failed', error, retryInMs });
  await clock.sleep(retryInMs, signal);
}

async function readOnce(
  { plugin, backoff, signal }: FollowDevicesOptions,
  said: Latest<Iterable<Device>>,
): Promise<void> {
  const iterator = plugin.devices(signal)[Symbol.asyncIterator]();
  for (;;) {
    const result = await untilAborted(iterator.next(), signal);
    if (result === undefined) break;
    if (result.done === true) {
      if (said.entry !== undefined) return;
      throw new DevicePluginError('DEVICE_LIST_FAILED', 'devices() ended before it gave a list');
    }
    said.set(result.value);
    backoff.reset();
  }
  // A generator that waits for something else ends only after that, which is not waited for.
  Promise.resolve(iterator.return?.()).catch(() => undefined);
}

async function publishLists(
  { lists, clock, emit, signal }: FollowDevicesOptions,
  said: Latest<Iterable<Device>>,
): Promise<void> {
  for (let seen: Entry<Iterable<Device>> | undefined; ;) {
    seen = await said.after(seen, signal);
    if (seen === undefined) return;
    try {
      const list = new DeviceList(seen.value);
      const { size: devices, healthy, message } = list;
      lists.set(list);
      emit({ kind: 'list-accepted', devices, healthy, bytes: message.length });
    } catch (thrown) {
      emit({ kind: 'list-refused', error: toDevicePluginError(thrown, 'DEVICE_LIST_FAILED') });
    }
    await clock.sleep(pauseMs, signal);
  }
}
