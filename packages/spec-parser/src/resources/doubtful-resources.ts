import { Quantity } from '@bwki/quota-calc';

import { forbidden } from '../findings/field-error.ts';
import type { Findings } from '../findings/findings.ts';
import type { PodReading } from '../pod/read-pod.ts';
import { asksForGpu, resources } from './resources.ts';

/** GPUs of the node itself, which a container gets beside those of the pool. */
const nodeGpus = /^(?:nvidia\.com|amd\.com|gpu\.intel\.com)\//;

const storage = 'ephemeral-storage';

/** A client package has 100 to 200 MB; with less than this it is not certain to fit. */
const smallStorage = 256n * 1024n * 1024n;

/** Extended resources cannot be asked for at pod level: Kubernetes takes cpu, memory and huge pages there. */
export function refusePodLevelGpus({ podResources }: PodReading, findings: Findings): void {
  for (const name of podResources.names()) {
    if (!asksForGpu(name) && name !== resources.units) continue;
    const detail = `is not allowed for a whole pod: move it to the resources of the container that uses the GPU`;
    findings.errors.push(forbidden(podResources.pathOf(name), 'SPEC_POD_LEVEL_FORBIDDEN', detail));
  }
}

/** Warns of a container that takes a GPU of its node while the pod runs on the pool's. */
export function warnOfNodeGpus({ containers }: PodReading, findings: Findings): void {
  for (const { resources: own } of containers) {
    const name = own.names().find((resource) => nodeGpus.test(resource));
    if (name === undefined) continue;
    findings.warnings.push({
      code: 'SPEC_NODE_GPU',
      field: own.pathOf(name).toString(),
      message: `takes a GPU of the node as well; for one of the pool remove ${name}`,
    });
  }
}

/** Warns where the limits of all containers leave too little room for the client package in the pod's emptyDir. */
export function warnOfLittleStorage({ containers }: PodReading, findings: Findings): void {
  let sum = 0n;
  let field: string | undefined;
  for (const { ref, resources: own } of containers) {
    const value = own.valueIn('limits', storage);
    if (ref.list !== 'containers' || value === undefined) continue;
    const limit = Quantity.fromJson(value);
    if (!limit.ok) return;
    sum += limit.value.value();
    field ??= own.pathOf(storage).toString();
  }
  if (field === undefined || sum >= smallStorage) return;
  findings.warnings.push({
    code: 'SPEC_STORAGE_SMALL',
    field,
    message: 'the client package counts here too: allow 256Mi more, or the pod may be evicted',
  });
}
