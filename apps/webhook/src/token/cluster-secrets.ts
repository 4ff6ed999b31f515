import { err, ok, type Result } from '@bwki/quota-calc';

import { networkFailure, statusFailure } from './api-failure.ts';
import { readText, type ClusterConnection, type ClusterRequest } from './cluster-connection.ts';
import { jsonLines } from './json-lines.ts';
import type { ApiFailure, Secret, SecretApi, SecretEvent } from './secret-api.ts';

const callIdleMs = 10_000;
/** The API server sends a bookmark about once a minute. */
const watchIdleMs = 150_000;
/** It ends a watch after that time, each at another moment. */
const watchSeconds = { least: 300, more: 300 };
const pageSize = '500';

/** The secrets of a cluster, by name alone: the field selector is what RBAC's `resourceNames` lets pass. */
export function clusterSecrets(cluster: ClusterConnection, random: () => number): SecretApi {
  const call = async <T>(request: Omit<ClusterRequest, 'idleMs'>): Promise<Result<T, ApiFailure>> => {
    const answer = await cluster.open({ ...request, idleMs: callIdleMs });
    if (!answer.ok) return answer;
    try {
      return ok(JSON.parse(await readText(answer.value)) as T);
    } catch (error) {
      return err(networkFailure(error));
    }
  };
  return {
    async list(name, from, signal) {
      const query = { limit: pageSize, ...(from === undefined ? {} : { continue: from }) };
      const listed = await call<SecretList>({ method: 'GET', path: collection(name, query), signal });
      if (!listed.ok) return listed;
      const { items, metadata } = listed.value;
      const next = metadata.continue === '' ? undefined : metadata.continue;
      return ok({ items: (items ?? []).map(lean), resourceVersion: metadata.resourceVersion, next });
    },
    async *watch(name, resourceVersion, signal) {
      const seconds = watchSeconds.least + Math.floor(random() * watchSeconds.more);
      const path = collection(name, {
        watch: 'true',
        allowWatchBookmarks: 'true',
        resourceVersion,
        timeoutSeconds: String(seconds),
      });
      const answer = await cluster.open({ method: 'GET', path, signal, idleMs: watchIdleMs });
      if (!answer.ok) {
        yield { type: 'failed', failure: answer.error };
        return;
      }
      yield { type: 'open' };
      try {
        for await (const event of jsonLines(answer.value)) yield eventOf(event as WatchEvent);
      } catch (error) {
        yield { type: 'failed', failure: networkFailure(error) };
      }
    },
    async read(namespace, name, signal) {
      const read = await call<Secret>({ method: 'GET', path: objectPath(namespace, name), signal });
      if (read.ok) return ok(lean(read.value));
      return read.error.status === 404 ? ok(undefined) : read;
    },
    create: async (secret, signal) =>
      leanResult(await call({ method: 'POST', path: namespacePath(secret), body: typed(secret), signal })),
    update: async (secret, signal) => {
      const path = objectPath(secret.metadata.namespace, secret.metadata.name);
      return leanResult(await call({ method: 'PUT', path, body: typed(secret), signal }));
    },
  };
}

interface SecretList {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  /** Null in some versions, where there is none. */
  readonly items: readonly Secret[] | null;
}

interface WatchEvent {
  readonly type: string;
  readonly object: Secret;
}

function eventOf({ type, object }: WatchEvent): SecretEvent {
  if (type === 'ERROR') return { type: 'failed', failure: statusFailure(object) };
  const { resourceVersion = '0' } = object.metadata;
  if (type === 'BOOKMARK') return { type: 'bookmark', resourceVersion };
  return { type: type === 'DELETED' ? 'removed' : 'put', secret: lean(object) };
}

function collection(name: string, query: Readonly<Record<string, string>>): string {
  const parameters = new URLSearchParams({ fieldSelector: `metadata.name=${name}`, ...query });
  return `/api/v1/secrets?${parameters.toString()}`;
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
