/** As the kubelet spells it; any other text counts as unhealthy there. */
export type DeviceHealth = 'Healthy' | 'Unhealthy';

/** One unit of the resource that a plugin offers. */
export interface Device {
  /** Not empty, the same over restarts of the plugin; the kubelet takes equal ids for one device. */
  readonly id: string;
  readonly health: DeviceHealth;
  /** NUMA nodes that it is near to, by number; undefined or empty where that does not matter. */
  readonly numaNodes?: readonly number[] | undefined;
}
