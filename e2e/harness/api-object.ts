/** A Kubernetes object as the API server's JSON has it: nothing renamed, dropped or turned into a Date. */
export interface ApiObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name?: string;
    readonly generateName?: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly {
      readonly kind: string;
      readonly name: string;
      readonly uid: string;
    }[];
    readonly finalizers?: readonly string[];
    readonly uid?: string;
    readonly resourceVersion?: string;
  };
  readonly [field: string]: unknown;
}

/** Which object: enough to make its address. */
export interface ApiReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name?: string; readonly namespace?: string };
}

/** The address of the collection: a resource's name is the kind in small letters with the English plural. */
export function collectionPath(object: ApiReference): string {
  const { apiVersion, kind, metadata } = object;
  const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
  const singular = kind.toLowerCase();
  const plural = singular.endsWith('y')
    ? `${singular.slice(0, -1)}ies`
    : singular.endsWith('s')
      ? `${singular}es`
      : `${singular}s`;
  return `${group}${scope}/${plural}`;
}

/** The address of one object; a missing name is a bug of the test. */
export function objectPath(object: ApiReference): string {
  const { name } = object.metadata;
  if (name === undefined) throw new Error(`a ${object.kind} without a name has no address`);
  return `${collectionPath(object)}/${name}`;
}
