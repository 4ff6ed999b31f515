import { forbidden, notSupported } from '../findings/field-error.ts';
import type { Findings } from '../findings/findings.ts';
import type { PodContainer } from '../pod/read-pod.ts';
import { annotations } from './annotations.ts';
import type { Mode } from './mode.ts';
import type { PodAnnotations } from './pod-annotations.ts';

const none: ReadonlySet<string> = new Set();

/**
 * The containers that get client and token without asking for a GPU: names with commas between, blanks and repetitions
 * allowed. Only in mode `injection`: in mode `all` every container that gets the client runs under it, and what a name
 * would add there is not defined, so it is refused instead of ignored.
 */
export function readNamedContainers(
  podAnnotations: PodAnnotations,
  mode: Mode | undefined,
  findings: Findings,
): ReadonlySet<string> {
  const text = podAnnotations.read(annotations.containers);
  if (text === undefined) return none;
  if (mode === 'all' || mode === 'none') {
    const detail = `may only be set with ${annotations.mode}: injection; remove it, or choose that mode`;
    const path = podAnnotations.path(annotations.containers);
    findings.errors.push(forbidden(path, 'SPEC_CONTAINERS_FORBIDDEN', detail));
    return none;
  }
  const named = new Set(text.split(',').map((name) => name.trim()));
  named.delete('');
  return named;
}

/** An error for each name that no container has. */
export function refuseUnknownNames(
  podAnnotations: PodAnnotations,
  named: ReadonlySet<string>,
  containers: readonly PodContainer[],
  annotation: string,
  findings: Findings,
): void {
  if (named.size === 0) return;
  const existing = new Set<string>();
  for (const { ref } of containers) if (ref.name !== '') existing.add(ref.name);
  const unknown = [...named].filter((name) => !existing.has(name));
  if (unknown.length === 0) return;
  // One list for all of them: it is long where the pod is large.
  const path = podAnnotations.path(annotation);
  const error = notSupported(path, 'SPEC_CONTAINER_UNKNOWN', '', [...existing]);
  for (const name of unknown) findings.errors.push({ ...error, value: name });
}
