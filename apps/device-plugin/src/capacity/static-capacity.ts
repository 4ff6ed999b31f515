import type { CapacitySource } from './capacity.ts';

/** A number that somebody has set, as in the original (`RESOURCE_NUMS`): it never changes and asks nobody. */
export function staticCapacity(units: number): CapacitySource {
  return async function* () {
    yield await Promise.resolve({ units, isReachable: true });
  };
}
