import type { Device } from '@bwki/kubelet-dp';

import type { Capacity } from './capacity/capacity.ts';

/**
 * One device a unit, made while they are read: a pool may have far more than can be listed. The ids are numbers from 0
 * on, so that a unit is the same after a restart (B66).
 */
export function* unitDevices({ units, isReachable }: Capacity): Generator<Device, void> {
  const health = isReachable ? 'Healthy' : 'Unhealthy';
  for (let index = 0; index < units; index += 1) yield { id: `unit-${index}`, health };
}
