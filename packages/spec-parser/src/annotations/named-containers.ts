import { isJsonObject, type JsonObject } from '@bwki/plain-data';

import { annotations } from './annotations.ts';
import { forbidden, notSupported } from '../findings/field-error.ts';
import type { Findings } from '../findings/findings.ts';
import type { Mode } from './mode.ts';
import type { PodAnnotations } from './pod-annotations.ts';

const none: ReadonlySet<string> = new Set();

/**
 * The containers that get client and token without asking for a GPU (B4a): names with commas between, blanks and
 * repetitions allowed. Only in mode `injection`: in mode `all` every container that gets the client runs under it,
 * and what a name would add there is not defined, so it is refused instead of ignored.
 */
export function readNamedContainers(
  podAnnotations: PodAnnotations,
  mode: Mode | undefined,
  spec: JsonObject | undefined,
  findings: Findings,
): ReadonlySet<string> {
  const text = podAnnotations.read(annotations.containers);
  if (text === undefined) return none;
  const path = podAnnotations.path(annotations.containers);
  if (mode === 'all' || mode === 'none') {
    const detail = `may only be set with ${annotations.mode}: injection; remove it, or choose that mode`;
    findings.errors.push(forbidden(path, 'SPEC_CONTAINERS_FORBIDDEN', detail));
    return none;
  }
  const named = new Set(text.split(',').map((name) => name.trim()));
  named.delete('');
  const existing = containerNames(spec);
  const unknown = [...named].filter((name) => !existing.has(name));
  if (unknown.length > 0) {
    // One list for all of them: it is long where the pod is large.
    const fault = notSupported(path, 'SPEC_CONTAINER_UNKNOWN', '', [...existing]);
    for (const name of unknown) findings.errors.push({ ...fault, value: name });
  }
  return named;
}

/** Wrong shapes are reported where the containers are read. */
function containerNames(spec: JsonObject | undefined): ReadonlySet<string> {
  const names = new Set<string>();
  for (const list of [spec?.['initContainers'], spec?.['containers']]) {
    if (!Array.isArray(list)) continue;
    for (const container of list as unknown[]) {
      const name = isJsonObject(container) ? container['name'] : undefined;
      if (typeof name === 'string') names.add(name);
    }
  }
  return names;
}
