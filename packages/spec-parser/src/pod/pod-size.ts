import type { FieldError } from '../findings/field-error.ts';
import type { PodReading } from './read-pod.ts';

/**
 * More could not be stored either: each container that asks for GPUs grows by about a kilobyte, and etcd takes 1.5 MiB.
 */
const maxContainers = 1000;

/**
 * Why a pod has too many containers to be read in the time that one pod may take from others; undefined for every pod
 * that could run.
 */
export function tooManyContainers(
  { containers }: PodReading,
  named: ReadonlySet<string>,
): FieldError | undefined {
  if (containers.length <= maxContainers) return undefined;
  const asking = containers.filter(
    ({ ref, resources, hasUnits, mountsOurs }) =>
      resources.asksForGpu || hasUnits || mountsOurs || named.has(ref.name),
  );
  const extra = asking[maxContainers];
  if (extra === undefined) return undefined;
  return {
    type: 'TooLong',
    code: 'ADMISSION_POD_TOO_LARGE',
    field: extra.path.toString(),
    detail: `is one of ${asking.length} containers that ask for GPUs or get the client: have at most ${maxContainers}`,
  };
}
