import { asJsonObject } from '@bwki/plain-data';
import type { PodLike } from '@bwki/spec-parser';

import type { TemplateKind } from './template-kinds.ts';

/** One pod template of an object. */
export interface PodTemplate {
  /** Fields from the object to the template. */
  readonly path: readonly string[];
  /** The template as a pod; its metadata is the object's where the kind says so. */
  readonly pod: PodLike;
  /** Fields from the object to the pod's metadata. */
  readonly metadataPath: readonly string[];
  /** How many pods of it run side by side; 1 where the object does not say, as for a DaemonSet. */
  readonly replicas: number;
}

/** Every template of an object, in the order of its keys; one that is missing has nothing to mutate. */
export function podTemplates(
  object: unknown,
  { path, annotationsOfObject }: TemplateKind,
): readonly PodTemplate[] {
  const templates: PodTemplate[] = [];
  visit(object, 0, []);
  return templates;

  function visit(value: unknown, depth: number, walked: readonly string[]): void {
    const record = asJsonObject(value);
    if (record === undefined) return;
    const field = path[depth];
    if (field === undefined) templates.push(templateAt(record, walked));
    else if (field === '*')
      for (const key of Object.keys(record)) visit(record[key], depth + 1, [...walked, key]);
    else visit(record[field], depth + 1, [...walked, field]);
  }

  function templateAt(template: Readonly<Record<string, unknown>>, walked: readonly string[]): PodTemplate {
    const owner = walked.slice(0, -1).reduce<unknown>((value, field) => asJsonObject(value)?.[field], object);
    const { replicas, parallelism } = asJsonObject(owner) ?? {};
    const count = replicas ?? parallelism;
    const metadata = annotationsOfObject === true ? asJsonObject(object)?.['metadata'] : template['metadata'];
    // What stands behind the types is checked where it is read (`parsePod`).
    const pod = { metadata, spec: template['spec'] } as PodLike;
    return {
      path: walked,
      pod,
      metadataPath: annotationsOfObject === true ? ['metadata'] : [...walked, 'metadata'],
      replicas: typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : 1,
    };
  }
}
