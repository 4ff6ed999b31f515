import type { Device, DeviceHealth } from './device.ts';
import { duplicateId } from './device-faults.ts';
import { DevicePluginError } from './device-plugin-error.ts';
import { type Entry, Latest } from './latest.ts';

/**
 * The devices of a plugin that changes them now and then: `devices: () => store`. Any number may read it. Each reader
 * gets the list as it stands and, after a change, the newest one; what came between is skipped.
 */
export class DeviceStore implements AsyncIterable<readonly Device[]> {
  #devices: Map<string, Device>;
  /** As a list, made once somebody asks for it. */
  #list: readonly Device[] | undefined;
  readonly #changes = new Latest<undefined>();

  /** @throws DevicePluginError DEVICE_ID_DUPLICATE */
  constructor(devices: Iterable<Device> = []) {
    this.#devices = byId(devices);
    this.#changed();
  }

  get size(): number {
    return this.#devices.size;
  }

  get(id: string): Device | undefined {
    return this.#devices.get(id);
  }

  /** The list as it stands; it does not change later. */
  list(): readonly Device[] {
    this.#list ??= [...this.#devices.values()];
    return this.#list;
  }

  /**
   * Replaces all devices.
   * @throws DevicePluginError DEVICE_ID_DUPLICATE; the devices stay as they are then
   */
  set(devices: Iterable<Device>): void {
    this.#devices = byId(devices);
    this.#changed();
  }

  /** @throws DevicePluginError DEVICE_UNKNOWN */
  setHealth(id: string, health: DeviceHealth): void {
    const device = this.#devices.get(id);
    if (device === undefined) {
      throw new DevicePluginError('DEVICE_UNKNOWN', `there is no device ${JSON.stringify(id)}`);
    }
    if (device.health === health) return;
    this.#devices.set(id, { ...device, health });
    this.#changed();
  }

  /** For a cause that all devices share, such as a server that cannot be reached. */
  setHealthOfAll(health: DeviceHealth): void {
    const others = Array.from(this.#devices.values()).filter((device) => device.health !== health);
    if (others.length === 0) return;
    for (const device of others) this.#devices.set(device.id, { ...device, health });
    this.#changed();
  }

  [Symbol.asyncIterator](): AsyncIterator<readonly Device[], undefined> {
    let seen: Entry<undefined> | undefined;
    const ending = new AbortController();
    return {
      next: async () => {
        seen = await this.#changes.after(seen, ending.signal);
        if (seen === undefined) return { done: true, value: undefined };
        return { done: false, value: this.list() };
      },
      return: () => {
        ending.abort();
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }

  #changed(): void {
    this.#list = undefined;
    this.#changes.set(undefined);
  }
}

function byId(devices: Iterable<Device>): Map<string, Device> {
  const map = new Map<string, Device>();
  for (const device of devices) {
    if (map.has(device.id)) throw duplicateId(device.id);
    map.set(device.id, device);
  }
  return map;
}
