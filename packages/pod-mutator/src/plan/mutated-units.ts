import { podUnits, Quantity } from '@bwki/quota-calc';
import { resources, type ContainerGpuRequest, type ContainerLike, type PodSpecLike } from '@bwki/spec-parser';

import { isEquipped } from '../read/equipped.ts';

/**
 * What a pod takes of the quota once it is mutated (B22): the units of what it asks for, and of the containers that
 * an earlier mutation served.
 *
 * @param spec as `readableSpec` gives it
 */
export function mutatedUnits(spec: PodSpecLike, asked: readonly ContainerGpuRequest[]): bigint {
  const askedUnits = { initContainers: new Map<number, bigint>(), containers: new Map<number, bigint>() };
  for (const { ref, units } of asked) askedUnits[ref.list].set(ref.index, units);
  const unitsOf = (list: keyof typeof askedUnits, container: ContainerLike, index: number): bigint => {
    const units = askedUnits[list].get(index) ?? 0n;
    return units === 0n ? presentUnits(container) : units;
  };
  return podUnits({
    initContainers: (spec.initContainers ?? []).map((container, index) => ({
      units: unitsOf('initContainers', container, index),
      sidecar: container.restartPolicy === 'Always',
    })),
    containers: (spec.containers ?? []).map((container, index) => ({
      units: unitsOf('containers', container, index),
    })),
  });
}

/** A container that was only named (B4a) has none. */
function presentUnits(container: ContainerLike): bigint {
  const value = container.resources?.limits?.[resources.units];
  if (value === undefined || !isEquipped(container)) return 0n;
  const parsed = Quantity.fromJson(value);
  return parsed.ok ? parsed.value.value() : 0n;
}
