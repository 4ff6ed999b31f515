import { podUnits, Quantity, type InitContainerUnits } from '@bwki/quota-calc';
import {
  resources as names,
  type ContainerGpuRequest,
  type PodContainer,
  type PodReading,
} from '@bwki/spec-parser';

/**
 * What a pod takes of the quota once it is injected: the units of what it asks for, and of the containers that an
 * earlier mutation served.
 */
export function mutatedUnits({ containers }: PodReading, asked: readonly ContainerGpuRequest[]): bigint {
  const units = { initContainers: [] as InitContainerUnits[], containers: [] as InitContainerUnits[] };
  let next = 0;
  for (const place of containers) {
    const { ref, container } = place;
    let own = 0n;
    if (asked[next]?.ref === ref) own = asked[next++]?.units ?? 0n;
    units[ref.list].push({
      units: own === 0n ? presentUnits(place) : own,
      sidecar: container.restartPolicy === 'Always',
    });
  }
  return podUnits(units);
}

/** A container that was only named has none. */
function presentUnits({ resources, homeMount }: PodContainer): bigint {
  const value = homeMount === undefined ? undefined : resources.valueIn('limits', names.units);
  if (value === undefined) return 0n;
  const parsed = Quantity.fromJson(value);
  return parsed.ok ? parsed.value.value() : 0n;
}
