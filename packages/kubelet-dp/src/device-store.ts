import type { Device, DeviceHealth } from './device.ts';
import { DevicePluginError } from './device-plugin-error.ts';

/**
 * The devices of a plugin that changes them now and then: `devices: () => store`. Any number may read it. Each reader
 * gets the list as it stands and, after a change, the newest one; what came between is skipped.
 */
export class DeviceStore implements AsyncIterable<readonly Device[]> {
  #devices: Map<string, Device>;
  #list: readonly Device[] | undefined;
  #version = 1;
  readonly #waiting = new Set<() => void>();

  /** @throws DevicePluginError DEVICE_ID_DUPLICATE */
  constructor(devices: Iterable<Device> = []) {
    this.#devices = byId(devices);
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
    this.#change();
  }

  /** @throws DevicePluginError DEVICE_UNKNOWN */
  setHealth(id: string, health: DeviceHealth): void {
    const device = this.#devices.get(id);
    if (device === undefined) {
      throw new DevicePluginError('DEVICE_UNKNOWN', `there is no device ${JSON.stringify(id)}`);
    }
    if (device.health === health) return;
    this.#devices.set(id, { ...device, health });
    this.#change();
  }

  /** For a cause that all devices share, such as a server that cannot be reached. */
  setHealthOfAll(health: DeviceHealth): void {
    const sick = Array.from(this.#devices.values()).filter((device) => device.health !== health);
    if (sick.length === 0) return;
    for (const device of sick) this.#devices.set(device.id, { ...device, health });
    this.#change();
  }

  [Symbol.asyncIterator](): AsyncIterator<readonly Device[], undefined> {
    let seen = 0;
    let isEnded = false;
    let wake = (): void => undefined;
    return {
      next: async () => {
        while (!isEnded && seen === this.#version) {
          await new Promise<void>((resolve) => {
            wake = resolve;
            this.#waiting.add(resolve);
          });
        }
        if (isEnded) return { done: true, value: undefined };
        seen = this.#version;
        return { done: false, value: this.list() };
      },
      return: () => {
        isEnded = true;
        this.#waiting.delete(wake);
        wake();
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }

  #change(): void {
    this.#list = undefined;
    this.#version += 1;
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}

function byId(devices: Iterable<Device>): Map<string, Device> {
  const map = new Map<string, Device>();
  for (const device of devices) {
    if (map.has(device.id)) {
      const message = `two devices have the id ${JSON.stringify(device.id)}: give each an id of its own`;
      throw new DevicePluginError('DEVICE_ID_DUPLICATE', message);
    }
    map.set(device.id, device);
  }
  return map;
}
