import { isJsonObject } from '@bwki/plain-data';
import { FieldPath } from '@bwki/spec-parser';

/** A container as it stands in a pod of which nothing is known yet. */
export interface PodContainer {
  readonly list: 'initContainers' | 'containers';
  readonly path: FieldPath;
  readonly container: Readonly<Record<string, unknown>>;
}

const lists = ['initContainers', 'containers'] as const;
const specPath = FieldPath.root('spec');

/** The containers of a pod, init containers first; what is none is left out. */
export function podContainers(pod: unknown): readonly PodContainer[] {
  const spec = isJsonObject(pod) ? pod['spec'] : undefined;
  if (!isJsonObject(spec)) return [];
  return lists.flatMap((list) => {
    const containers: unknown = spec[list];
    if (!Array.isArray(containers)) return [];
    return containers.flatMap((container: unknown, index): readonly PodContainer[] =>
      isJsonObject(container) ? [{ list, path: specPath.child(list).index(index), container }] : [],
    );
  });
}

/** One list of a container's resources; empty where there is none. */
export function resourceList(
  { resources }: Readonly<Record<string, unknown>>,
  name: 'limits' | 'requests',
): Readonly<Record<string, unknown>> {
  const list = isJsonObject(resources) ? resources[name] : undefined;
  return isJsonObject(list) ? list : {};
}
