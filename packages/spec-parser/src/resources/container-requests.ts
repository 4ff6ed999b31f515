import type { Quantity } from '@bwki/quota-calc';

import type { ContainerHomes } from '../annotations/home.ts';
import type { Findings } from '../findings/findings.ts';
import type { PodReading } from '../pod/read-pod.ts';
import type { ContainerGpuRequest } from '../pod/request.ts';
import { readGpuResources } from './gpu-resources.ts';

/** What a container takes that is only named. */
const nothingAsked = { gpu: undefined, units: 0n } as const;

/**
 * The containers that ask for GPUs or are named. Errors are reported of these, and of what is no container at all; a
 * container with an error is left out.
 */
export function readContainerRequests(
  reading: PodReading,
  named: ReadonlySet<string>,
  homes: ContainerHomes,
  totalMemory: Quantity | undefined,
  findings: Findings,
): ContainerGpuRequest[] {
  const requests: ContainerGpuRequest[] = [];
  for (const place of reading.containers) {
    const { ref, resources, structureErrors } = place;
    if (structureErrors.length > 0) findings.errors.push(...structureErrors);
    const { asksForGpu } = resources;
    if (!asksForGpu && !named.has(ref.name)) continue;
    const counted = asksForGpu ? readGpuResources(resources, totalMemory, findings) : nothingAsked;
    const home = homes.of(place);
    if (ref.name === '' || counted === undefined) continue;
    requests.push({ ref, gpu: counted.gpu, units: counted.units, home });
  }
  return requests;
}
