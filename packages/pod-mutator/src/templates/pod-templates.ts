import { isJsonObject, type JsonObject } from '@bwki/plain-data';
import { FieldPath, type PodLike } from '@bwki/spec-parser';

import type { TemplateKind } from './template-kinds.ts';

type Step = string | number;

/** One pod template of an object. */
export interface PodTemplate {
  /** Fields and indices from the object to the template. */
  readonly path: readonly Step[];
  /** The template as a pod; its metadata is the object's where the kind says so. */
  readonly pod: PodLike;
  readonly specPath: readonly Step[];
  readonly metadataPath: readonly Step[];
  /** The field of the template that holds its only container, as in an Argo Workflow. */
  readonly singleContainer: string | undefined;
  /** What the controller runs where a container says nothing. */
  readonly defaultCommand: readonly string[] | undefined;
  /** How many pods of it run side by side; 1 where the object does not say, as for a DaemonSet. */
  readonly replicas: number;
  /** Objects on the way to the template that have metadata of their own, which the pods do not get. */
  readonly owners: readonly { readonly metadata: unknown; readonly path: readonly Step[] }[];
}

/** The name that Argo gives the container of a template. */
const singleName = 'main';

/** Every template of an object, in the order of its fields; one that is missing has nothing to mutate. */
export function podTemplates(object: unknown, kind: TemplateKind): readonly PodTemplate[] {
  return kind.paths.flatMap((path) => {
    const templates: PodTemplate[] = [];
    visit(object, path, [], [], (walked, parents) => {
      const found = templateAt(walked, parents, kind);
      if (found !== undefined) templates.push(found);
    });
    return templates;
  });
}

function visit(
  value: unknown,
  [field, ...rest]: readonly string[],
  walked: readonly Step[],
  parents: readonly unknown[],
  found: (walked: readonly Step[], parents: readonly unknown[]) => void,
): void {
  const way = [...parents, value];
  if (field === undefined) {
    if (isJsonObject(value)) found(walked, way);
  } else if (field === '*' && Array.isArray(value)) {
    for (const [index, element] of value.entries()) visit(element, rest, [...walked, index], way, found);
  } else if (isJsonObject(value)) {
    const fields = field === '*' ? Object.keys(value) : [field];
    for (const name of fields) visit(value[name], rest, [...walked, name], way, found);
  }
}

/** @param parents the values on the way from the object to the template, both included */
function templateAt(
  path: readonly Step[],
  parents: readonly unknown[],
  kind: TemplateKind,
): PodTemplate | undefined {
  const [object] = parents;
  const template = parents.at(-1);
  if (!isJsonObject(template) || !isJsonObject(object)) return undefined;
  const field = kind.singleContainer?.find((name) => isJsonObject(template[name]));
  if (kind.singleContainer !== undefined && field === undefined) return undefined;
  const isSpec = kind.isSpec === true || field !== undefined;
  const metadata = kind.annotationsOfObject === true ? object['metadata'] : template['metadata'];
  const spec = isSpec ? specOf(template, field) : template['spec'];
  const owner = parents.at(-2);
  return {
    path,
    // What stands behind the types is checked where it is read (`parsePod`).
    pod: { metadata, spec } as PodLike,
    specPath: isSpec ? path : [...path, 'spec'],
    metadataPath: kind.annotationsOfObject === true ? ['metadata'] : [...path, 'metadata'],
    singleContainer: field,
    defaultCommand: kind.defaultCommands?.[String(path.at(-2))],
    replicas: isJsonObject(owner) ? replicasOf(owner) : 1,
    owners: ownersOf(parents, path, kind),
  };
}

function specOf(template: JsonObject, field: string | undefined): JsonObject {
  if (field === undefined) return template;
  const container = template[field];
  return { ...template, containers: [{ name: singleName, ...(isJsonObject(container) && container) }] };
}

function replicasOf({ replicas, parallelism }: JsonObject): number {
  const count = replicas ?? parallelism;
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : 1;
}

function ownersOf(
  parents: readonly unknown[],
  path: readonly Step[],
  kind: TemplateKind,
): PodTemplate['owners'] {
  return parents.slice(0, -1).flatMap((owner, depth) => {
    const isRead = depth === 0 && kind.annotationsOfObject === true;
    if (isRead || !isJsonObject(owner) || owner['metadata'] === undefined) return [];
    return [{ metadata: owner['metadata'], path: [...path.slice(0, depth), 'metadata'] }];
  });
}

/** As Kubernetes writes it: `spec.tasks[0].template`. */
export function fieldPathOf(steps: readonly Step[]): FieldPath {
  const [first = '', ...rest] = steps;
  return rest.reduce<FieldPath>(
    (path, step) => (typeof step === 'number' ? path.index(step) : path.child(step)),
    FieldPath.root(String(first)),
  );
}
