import { isJsonObject } from '@bwki/plain-data';
import { isTemplateKind } from '@bwki/pod-mutator';

/** An object of a document that is a pod or describes pods (B45). */
export interface PodObject {
  readonly value: object;
  /** Its place in the document as a JSON pointer: empty for the document itself, `/items/2` in a List. */
  readonly pointer: string;
  /** The same as a field path, to be put before the object's own: empty, or `items[2].`. */
  readonly fieldPrefix: string;
  readonly kind: string;
  /** `namespace/name`, or the name; what stands for it where there is none. */
  readonly name: string;
}

/** The pods and templates of a document's value, those in Lists and in Lists of Lists too. */
export function podObjectsIn(value: unknown): readonly PodObject[] {
  return objectsIn(value, '', '');
}

function objectsIn(value: unknown, pointer: string, fieldPrefix: string): readonly PodObject[] {
  if (!isJsonObject(value)) return [];
  const { apiVersion, kind } = value;
  if (apiVersion === 'v1' && kind === 'List') {
    const items: readonly unknown[] = Array.isArray(value['items']) ? value['items'] : [];
    return items.flatMap((item, index) =>
      objectsIn(item, `${pointer}/items/${index}`, `${fieldPrefix}items[${index}].`),
    );
  }
  if (!isPod(value) && !isTemplateKind(value)) return [];
  return [{ value, pointer, fieldPrefix, kind: String(kind), name: nameOf(value) }];
}

/** Whether the object is a pod itself, and not the template of some. */
export function isPod(value: object): boolean {
  const { apiVersion, kind } = value as Readonly<Record<string, unknown>>;
  return apiVersion === 'v1' && kind === 'Pod';
}

function nameOf({ metadata }: Readonly<Record<string, unknown>>): string {
  if (!isJsonObject(metadata)) return '(no name)';
  const { namespace, name, generateName } = metadata;
  const own =
    typeof name === 'string' ? name : typeof generateName === 'string' ? `${generateName}…` : '(no name)';
  return typeof namespace === 'string' ? `${namespace}/${own}` : own;
}
