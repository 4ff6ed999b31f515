import type { DevicePlugin } from '@bwki/kubelet-dp';

import type { Capacity, CapacitySource } from './capacity/capacity.ts';
import { unitDevices } from './unit-devices.ts';

export interface BitfusionPluginOptions {
  readonly resourceName: string;
  readonly capacity: CapacitySource;
  /** Told of each change, before the kubelet is. */
  readonly onCapacity: (capacity: Capacity) => void;
}

/** How many units a container has been given. */
export const unitsVariable = 'BITFUSION_GPU_UNITS';

/**
 * The pool as a resource of the node. A unit is a right to use the pool, not a thing of the node: a container gets
 * the number of its units as a variable and nothing else, since the webhook has put in all that reaches the pool.
 */
export function bitfusionPlugin(options: BitfusionPluginOptions): DevicePlugin {
  const { resourceName, capacity, onCapacity } = options;
  return {
    resourceName,
    async *devices(signal) {
      for await (const now of capacity(signal)) {
        onCapacity(now);
        yield unitDevices(now);
      }
    },
    allocate: ({ deviceIds }) => ({ envs: { [unitsVariable]: String(deviceIds.length) } }),
  };
}
