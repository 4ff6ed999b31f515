import { ok, type Result } from '@bwki/plain-data';

import type { ApiFailure } from '../cluster/api-failure.ts';
import type { ClusterConnection } from '../cluster/cluster-connection.ts';
import { clusterListWatch } from '../cluster/cluster-list-watch.ts';
import type { ListWatch, Versioned } from '../cluster/list-watch.ts';
import { matchesLabels, type Labels, type LabelSelector } from './label-selector.ts';

/** What is kept of a namespace. */
export interface NamespaceRecord extends Versioned {
  readonly name: string;
  readonly version: bigint;
  readonly isSelected: boolean;
}

/** The namespaces of a cluster. Never rejects. */
export interface NamespaceApi {
  readonly all: ListWatch<NamespaceRecord>;
  /** Undefined where there is none of that name. */
  read(name: string, signal: AbortSignal): Promise<Result<NamespaceRecord | undefined, ApiFailure>>;
}

/** The part of a namespace that is read. */
export interface NamespaceLike {
  readonly metadata: { readonly name: string; readonly resourceVersion?: string; readonly labels?: Labels };
}

const path = '/api/v1/namespaces';
const pageSize = 500;

export function clusterNamespaces(
  cluster: ClusterConnection,
  selector: LabelSelector,
  random: () => number,
): NamespaceApi {
  const keep = (namespace: NamespaceLike): NamespaceRecord => namespaceRecord(namespace, selector);
  return {
    all: clusterListWatch<NamespaceLike, NamespaceRecord>(cluster, { path, pageSize, keep }, random),
    async read(name, signal) {
      const request = { method: 'GET', path: `${path}/${encodeURIComponent(name)}`, signal } as const;
      const read = await cluster.call<NamespaceLike>(request);
      if (read.ok) return ok(keep(read.value));
      return read.error.status === 404 ? ok(undefined) : read;
    },
  };
}

export function namespaceRecord({ metadata }: NamespaceLike, selector: LabelSelector): NamespaceRecord {
  const { name, resourceVersion = '0', labels = {} } = metadata;
  return {
    name,
    version: BigInt(resourceVersion),
    metadata: { resourceVersion },
    // Kubernetes before 1.21 does not set the label with the name.
    isSelected: matchesLabels(selector, { ...labels, 'kubernetes.io/metadata.name': name }),
  };
}
