import { err, isJsonObject, ok, type Result } from '@bwki/plain-data';
import { podUnits as unitsOfAll, Quantity, type InitContainerUnits } from '@bwki/quota-calc';

import type { FieldError } from '../findings/field-error.ts';
import { FieldPath } from '../findings/field-path.ts';
import type { Findings } from '../findings/findings.ts';
import { readGpuResources } from '../resources/gpu-resources.ts';
import { resources } from '../resources/resources.ts';
import type { PodLike } from './pod.ts';
import { readPod, type PodContainer, type PodReading } from './read-pod.ts';

export interface PodUnitsOptions {
  /** The memory of one GPU of the pool; undefined refuses requests for memory. */
  readonly totalMemory: Quantity | undefined;
}

/**
 * What a pod takes of the quota, before or after its mutation: the units that a container has, else those that its
 * request comes to, whatever the annotations say. 1 is 1 % of one GPU.
 *
 * @returns every error of the requests, where there is one
 */
export function podUnits(
  pod: PodLike,
  { totalMemory }: PodUnitsOptions,
): Result<bigint, readonly FieldError[]> {
  const spec: unknown = isJsonObject(pod) ? pod['spec'] : undefined;
  const reading = readPod(spec, {
    specPath: FieldPath.root('spec'),
    metadataPath: FieldPath.root('metadata'),
    annotations: {},
    named: new Set(),
  });
  const findings: Findings = { errors: [...reading.structureErrors], warnings: [] };
  const units = sum(reading, (place) => {
    findings.errors.push(...place.structureErrors);
    if (!place.resources.asksForGpu) return presentUnits(place);
    return readGpuResources(place.resources, totalMemory, findings)?.units ?? 0n;
  });
  return findings.errors.length > 0 ? err(findings.errors) : ok(units);
}

/** What a pod takes by the units that stand in it; those that cannot be read count as none. */
export function unitsInPod(reading: PodReading): bigint {
  return sum(reading, presentUnits);
}

function sum({ containers }: PodReading, unitsOf: (place: PodContainer) => bigint): bigint {
  const lists = { initContainers: [] as InitContainerUnits[], containers: [] as InitContainerUnits[] };
  for (const place of containers) {
    const sidecar = place.container.restartPolicy === 'Always';
    lists[place.ref.list].push({ units: unitsOf(place), sidecar });
  }
  return unitsOfAll(lists);
}

function presentUnits({ resources: own }: PodContainer): bigint {
  const value = own.valueIn('limits', resources.units);
  if (value === undefined) return 0n;
  const quantity = Quantity.fromJson(value);
  return quantity.ok && quantity.value.sign() > 0 ? quantity.value.value() : 0n;
}
