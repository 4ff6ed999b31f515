import type { Device } from '@bwki/kubelet-dp';

import type { Capacity } from './capacity/capacity.ts';

/** One device a unit. The ids are numbers from 0 on, so that a unit is the same after a restart (B66). */
export function unitDevices({ units, isReachable }: Capacity): readonly Device[] {
  const health = isReachable ? 'Healthy' : 'Unhealthy';
  return Array.from({ length: units }, (_, index) => ({ id: `unit-${index}`, health }));
}
