import { ok, type Result } from '@bwki/plain-data';

import type { ApiFailure } from '../cluster/api-failure.ts';
import type { ClusterConnection } from '../cluster/cluster-connection.ts';
import { clusterListWatch } from '../cluster/cluster-list-watch.ts';
import type { Secret, SecretApi } from './secret-api.ts';

const pageSize = 500;

/** The secrets of a cluster, by name alone: the field selector is what RBAC's `resourceNames` lets pass. */
export function clusterSecrets(cluster: ClusterConnection, random: () => number): SecretApi {
  return {
    named: (name) =>
      clusterListWatch<Secret, Secret>(
        cluster,
        { path: '/api/v1/secrets', fieldSelector: `metadata.name=${name}`, pageSize, keep: lean },
        random,
      ),
    async read(namespace, name, signal) {
      const read = await cluster.call<Secret>({ method: 'GET', path: objectPath(namespace, name), signal });
      if (read.ok) return ok(lean(read.value));
      return read.error.status === 404 ? ok(undefined) : read;
    },
    create: async (secret, signal) =>
      leanResult(
        await cluster.call({ method: 'POST', path: namespacePath(secret), body: typed(secret), signal }),
      ),
    update: async (secret, signal) => {
      const path = objectPath(secret.metadata.namespace, secret.metadata.name);
      return leanResult(await cluster.call({ method: 'PUT', path, body: typed(secret), signal }));
    },
  };
}

function namespacePath({ metadata }: Secret): string {
  return `/api/v1/namespaces/${encodeURIComponent(metadata.namespace)}/secrets`;
}

function objectPath(namespace: string, name: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets/${encodeURIComponent(name)}`;
}

function typed(secret: Secret): object {
  return { apiVersion: 'v1', kind: 'Secret', ...secret };
}

/** `managedFields` is the largest part, and the API server keeps it where an update leaves it out. */
function lean({ metadata, type, data }: Secret): Secret {
  const kept = Object.fromEntries(Object.entries(metadata).filter(([field]) => field !== 'managedFields'));
  return {
    metadata: kept as Secret['metadata'],
    ...(type === undefined ? {} : { type }),
    ...(data === undefined ? {} : { data }),
  };
}

function leanResult(result: Result<Secret, ApiFailure>): Result<Secret, ApiFailure> {
  return result.ok ? ok(lean(result.value)) : result;
}
