import { podContainers, resourceList } from './pod-containers.ts';

const domain = 'bitfusion.io/';

/** Whether an UPDATE touches any `bitfusion.io/*` resource (B50a), container by container. */
export function changesResources(before: unknown, after: unknown): boolean {
  const old = resourceTexts(before);
  const current = resourceTexts(after);
  return old.size !== current.size || [...current].some(([field, value]) => old.get(field) !== value);
}

/** The path of each such resource, with its value as text: API servers write quantities in one way. */
function resourceTexts(pod: unknown): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { path, container } of podContainers(pod)) {
    for (const name of ['limits', 'requests'] as const) {
      for (const [resource, value] of Object.entries(resourceList(container, name))) {
        if (!resource.startsWith(domain)) continue;
        texts.set(path.child(name).key(resource).toString(), textOf(value));
      }
    }
  }
  return texts;
}

/** A quantity is a text or a number; what is neither has no business there, and counts as one value. */
function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : typeof value;
}
