import type { Device, DevicePluginOptions } from '../generated/v1beta1.ts';
import type { PluginConnection } from './plugin-connection.ts';

/** A plugin that was registered; without a connection, the memory of one that an earlier kubelet knew. */
export interface Endpoint {
  readonly connection: PluginConnection | undefined;
  readonly options: DevicePluginOptions;
  /** When its stream had ended, by the kubelet's clock. */
  stoppedAt: number | undefined;
}

/** What a node says of a resource. */
export interface NodeResource {
  readonly capacity: number;
  readonly allocatable: number;
}

/** How long the capacity of a plugin that went stays. */
export const stopGraceMs: number = 5 * 60_000;

/** What the last list said, in the sets that the kubelet counts. */
interface Listed {
  readonly devices: ReadonlyMap<string, Device>;
  readonly healthy: ReadonlySet<string>;
  readonly unhealthy: ReadonlySet<string>;
}

/**
 * The kubelet's memory of devices, by resource and not by plugin: each list replaces the one before, whichever plugin
 * it came from. Equal ids are one device, but an id that is listed both healthy and not counts as both.
 */
export class DeviceManager {
  readonly #now: () => number;
  /** The newest registration of each resource, which `Allocate` goes to. */
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #listed = new Map<string, Listed>();
  /** Resources that have been: they show 0 instead of nothing. */
  readonly #known = new Set<string>();

  /** `remembered` are the resources in the checkpoint of the kubelet before. */
  constructor(now: () => number, remembered: Iterable<string> = []) {
    this.#now = now;
    for (const resourceName of remembered) {
      this.takeList(resourceName, []);
      const options = { preStartRequired: false, getPreferredAllocationAvailable: false };
      this.#endpoints.set(resourceName, { connection: undefined, options, stoppedAt: now() });
    }
  }

  resources(): readonly string[] {
    return [...this.#known];
  }

  endpoint(resourceName: string): Endpoint | undefined {
    return this.#endpoints.get(resourceName);
  }

  useEndpoint(resourceName: string, endpoint: Endpoint): void {
    this.#endpoints.set(resourceName, endpoint);
  }

  stop(endpoint: Endpoint): void {
    endpoint.stoppedAt = this.#now();
  }

  takeList(resourceName: string, devices: readonly Device[]): void {
    const ids = (isWanted: (device: Device) => boolean): ReadonlySet<string> =>
      new Set(devices.filter(isWanted).map(({ id }) => id));
    this.#known.add(resourceName);
    this.#listed.set(resourceName, {
      devices: new Map(devices.map((device) => [device.id, device])),
      healthy: ids(({ health }) => health === 'Healthy'),
      unhealthy: ids(({ health }) => health !== 'Healthy'),
    });
  }

  markUnhealthy(resourceName: string): void {
    if (!this.#listed.has(resourceName)) return;
    const devices = this.devices(resourceName).map((device) => ({ ...device, health: 'Unhealthy' }));
    this.takeList(resourceName, devices);
  }

  /** Undefined for a resource of which no list ever came. */
  node(resourceName: string): NodeResource | undefined {
    this.#forgetExpired(resourceName);
    const listed = this.#listed.get(resourceName);
    if (listed !== undefined) {
      return { capacity: listed.healthy.size + listed.unhealthy.size, allocatable: listed.healthy.size };
    }
    return this.#known.has(resourceName) ? { capacity: 0, allocatable: 0 } : undefined;
  }

  devices(resourceName: string): readonly Device[] {
    return [...(this.#listed.get(resourceName)?.devices.values() ?? [])];
  }

  healthy(resourceName: string): readonly string[] {
    return [...(this.#listed.get(resourceName)?.healthy ?? [])];
  }

  /** Whether a plugin has listed devices and is not forgotten, be they none. */
  isRegistered(resourceName: string): boolean {
    return this.#listed.has(resourceName);
  }

  #forgetExpired(resourceName: string): void {
    const stoppedAt = this.#endpoints.get(resourceName)?.stoppedAt;
    if (stoppedAt === undefined || this.#now() - stoppedAt <= stopGraceMs) return;
    this.#endpoints.delete(resourceName);
    this.#listed.delete(resourceName);
  }
}
