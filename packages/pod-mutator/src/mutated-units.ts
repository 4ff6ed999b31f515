import { podUnits, Quantity } from '@bwki/quota-calc';
import { resources, type ContainerGpuRequest, type ContainerLike, type PodLike } from '@bwki/spec-parser';

import { isEquipped } from './equipped.ts';

/**
 * What a pod takes of the quota once it is mutated (B22): the units of what it asks for, and of the containers that
 * an earlier mutation served.
 */
export function mutatedUnits(pod: PodLike, asked: readonly ContainerGpuRequest[]): bigint {
  const askedUnits = new Map(asked.map(({ ref, units }) => [`${ref.list}/${ref.index}`, units]));
  const unitsOf = (list: string, container: ContainerLike, index: number): bigint => {
    const units = askedUnits.get(`${list}/${index}`) ?? 0n;
    return units === 0n ? presentUnits(container) : units;
  };
  return podUnits({
    initContainers: (pod.spec?.initContainers ?? []).map((container, index) => ({
      units: unitsOf('initContainers', container, index),
      sidecar: container.restartPolicy === 'Always',
    })),
    containers: (pod.spec?.containers ?? []).map((container, index) => ({
      units: unitsOf('containers', container, index),
    })),
  });
}

function presentUnits(container: ContainerLike): bigint {
  const value = container.resources?.limits?.[resources.units];
  if (value === undefined || !isEquipped(container)) return 0n;
  const parsed = Quantity.fromJson(value);
  return parsed.ok ? parsed.value.value() : 0n;
}
