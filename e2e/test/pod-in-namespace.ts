import type { ApiObject, Cluster } from '../harness/index.ts';

/** The object in another namespace, without what ties it to the place that it was written for. */
export function inNamespace(object: ApiObject, namespace: string): ApiObject {
  const { ownerReferences: _owners, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, namespace } };
}

/** The object under a name that the API server makes. */
export function nameless(object: ApiObject): ApiObject {
  const { name: _name, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, generateName: 'case-' } };
}

/** Makes the service accounts that the pods name: none is admitted without its own. */
export async function createServiceAccounts(
  { api }: Cluster,
  pods: readonly ApiObject[],
  namespace: string,
): Promise<void> {
  const names = new Set(
    pods.flatMap(({ spec }) => (spec as { readonly serviceAccountName?: string }).serviceAccountName ?? []),
  );
  for (const name of names) {
    await api.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } });
  }
}
