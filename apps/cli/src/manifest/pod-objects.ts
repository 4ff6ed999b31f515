import { isJsonObject, type JsonObject } from '@bwki/plain-data';
import { isTemplateKind, type ObjectKind } from '@bwki/pod-mutator';

/** An object of a document that is a pod or describes pods. */
export interface PodObject {
  readonly value: object;
  /** What an element of a list is that does not say so itself. */
  readonly known: ObjectKind;
  /** Its place in the document as a JSON pointer: empty for the document itself, `/items/2` in a list. */
  readonly pointer: string;
  /** The same as a field path, to be put before the object's own: empty, or `items[2].`. */
  readonly fieldPrefix: string;
  readonly kind: string;
  /** `namespace/name`, or the name; what stands for it where there is none. */
  readonly name: string;
}

/** The objects of a document, those in lists and in lists of lists too. */
export interface DocumentObjects {
  readonly pods: readonly PodObject[];
  /** Objects in which no pod is looked for. */
  readonly others: readonly PodObject[];
}

export function objectsIn(value: unknown): DocumentObjects {
  const all = Array.from(walk(value, '', '', {}));
  return {
    pods: all.filter((object) => isTemplateKind(object.value, object.known)),
    others: all.filter((object) => !isTemplateKind(object.value, object.known)),
  };
}

/** The pods and templates of a document's value. */
export function podObjectsIn(value: unknown): readonly PodObject[] {
  return objectsIn(value).pods;
}

function* walk(
  value: unknown,
  pointer: string,
  fieldPrefix: string,
  known: ObjectKind,
): Generator<PodObject> {
  if (!isJsonObject(value)) return;
  const apiVersion = value['apiVersion'] ?? known.apiVersion;
  const kind = value['kind'] ?? known.kind;
  const { items } = value;
  if (typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items)) {
    const element =
      kind === 'List' || typeof apiVersion !== 'string'
        ? {}
        : { apiVersion, kind: kind.slice(0, -'List'.length) };
    for (const [index, item] of items.entries())
      yield* walk(item, `${pointer}/items/${index}`, `${fieldPrefix}items[${index}].`, element);
    return;
  }
  yield {
    value,
    known,
    pointer,
    fieldPrefix,
    kind: typeof kind === 'string' ? kind : '(no kind)',
    name: nameOf(value),
  };
}

function nameOf({ metadata }: JsonObject): string {
  if (!isJsonObject(metadata)) return '(no name)';
  const { namespace, name, generateName } = metadata;
  const own =
    typeof name === 'string' ? name : typeof generateName === 'string' ? `${generateName}…` : '(no name)';
  return typeof namespace === 'string' ? `${namespace}/${own}` : own;
}
