import type { ApiObject, Cluster } from '../../harness/index.ts';

/** The object in another namespace, without what ties it to the place that it was written for. */
export function inNamespace(object: ApiObject, namespace: string): ApiObject {
  return { ...object, metadata: { ...omit(object.metadata, 'ownerReferences'), namespace } };
}

/** The object under a name that the API server makes. */
export function nameless(object: ApiObject): ApiObject {
  return { ...object, metadata: { ...omit(object.metadata, 'name'), generateName: 'case-' } };
}

function omit<T extends object, K extends keyof T & string>(object: T, key: K): Omit<T, K> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key)) as Omit<T, K>;
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
