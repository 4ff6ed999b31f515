import { podUnits, Quantity } from '@bwki/quota-calc';
import { resources } from '@bwki/spec-parser';

import { podContainers, resourceList, type PodContainer } from './pod-containers.ts';

/** What a pod takes of the quota (B22) by the units that stand in it; those that cannot be read count as none. */
export function unitsInPod(pod: unknown): bigint {
  const containers = podContainers(pod).map((place) => ({
    list: place.list,
    units: unitsOf(place),
    sidecar: place.container['restartPolicy'] === 'Always',
  }));
  return podUnits({
    initContainers: containers.filter(({ list }) => list === 'initContainers'),
    containers: containers.filter(({ list }) => list === 'containers'),
  });
}

function unitsOf({ container }: PodContainer): bigint {
  const value = resourceList(container, 'limits')[resources.units];
  if (value === undefined) return 0n;
  const quantity = Quantity.fromJson(value);
  return quantity.ok && quantity.value.sign() > 0 ? quantity.value.value() : 0n;
}
