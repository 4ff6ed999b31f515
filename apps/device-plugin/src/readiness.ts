import type { ServedDevicePlugin } from '@bwki/kubelet-dp';

import type { Capacity } from './capacity/capacity.ts';
import { poolCapacityFault } from './capacity/list-limit.ts';
import type { DevicePluginOptions } from './device-plugin-options.ts';

type Served = Pick<ServedDevicePlugin, 'isRegistered' | 'isListed' | 'listError'>;

export interface ReadinessOptions {
  readonly options: Pick<DevicePluginOptions, 'resourceName' | 'directory' | 'capacity'>;
  readonly served: Served;
  /** As last known; undefined before the first. */
  readonly capacity: () => Capacity | undefined;
}

/** Why the kubelet does not know the plugin; empty where it does. A new start of the plugin may mend it. */
export function unregistered({ options, served }: Omit<ReadinessOptions, 'capacity'>): readonly string[] {
  const { resourceName, directory } = options;
  return served.isRegistered ? [] : [`${resourceName} is not registered with the kubelet in ${directory}`];
}

/** Why the node does not offer the units as they are now; empty where the kubelet has the newest list. */
export function unready(readiness: ReadinessOptions): readonly string[] {
  const reasons = [...unregistered(readiness), ...listRefused(readiness)];
  const { options, served } = readiness;
  if (reasons.length > 0 || served.isListed) return reasons;
  return [`the kubelet in ${options.directory} has not been sent a list of ${options.resourceName} yet`];
}

function listRefused({ options, served, capacity }: ReadinessOptions): readonly string[] {
  const { listError } = served;
  if (listError === undefined) return [];
  const pool = options.capacity.kind === 'bitfusion' ? options.capacity : undefined;
  const now = capacity();
  const reason =
    listError.code === 'DEVICE_LIST_TOO_LARGE' && pool !== undefined && now !== undefined
      ? poolCapacityFault(now, pool.nodes)
      : listError.message;
  return [
    `the kubelet is not sent the newest list of ${options.resourceName}: ${reason} (${listError.code})`,
  ];
}
