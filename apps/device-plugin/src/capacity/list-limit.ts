import { fittingDevices } from '@bwki/kubelet-dp';

import type { CapacityChoice } from '../device-plugin-options.ts';
import { unitDevices } from '../unit-devices.ts';
import type { Capacity } from './capacity.ts';

/** The most units whose list a kubelet receives. Counted each time, which takes some 20 ms of CPU. */
export function mostUnits(): number {
  return fittingDevices(unitDevices({ units: Infinity, isReachable: true }));
}

/** Why a fixed number of units can never be offered, with what to change; undefined if it can, or is not fixed. */
export function fixedCapacityFault(choice: CapacityChoice): string | undefined {
  if (choice.kind !== 'static') return undefined;
  const { units } = choice;
  const fitting = fittingDevices(unitDevices({ units, isReachable: true }));
  if (fitting === units) return undefined;
  return (
    `--resourceNums ${units}: a kubelet receives lists of 4 MiB at most, which hold ${fitting} units: ` +
    `set it (RESOURCE_NUMS) to ${fitting} or less (DEVICE_LIST_TOO_LARGE)`
  );
}

/** Why the units of a pool are not offered, with what to change. */
export function poolCapacityFault({ units }: Capacity, nodes: number): string {
  const most = mostUnits();
  return (
    `the pool has ${units} units for this node, and a kubelet receives lists of 4 MiB at most, which hold ${most}: ` +
    `divide it with --capacityPerNode share and --nodes ${Math.ceil((units * nodes) / most)} or more`
  );
}
