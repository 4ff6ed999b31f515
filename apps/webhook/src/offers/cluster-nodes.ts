import { Quantity } from '@bwki/quota-calc';

import type { ClusterConnection } from '../cluster/cluster-connection.ts';
import { clusterListWatch } from '../cluster/cluster-list-watch.ts';
import type { ListWatch, Versioned } from '../cluster/list-watch.ts';

/** What is kept of a node, which has 20 KB or so. */
export interface NodeOffer extends Versioned {
  readonly name: string;
  readonly isOffering: boolean;
}

/** The part of a node that is read. */
export interface NodeLike {
  readonly metadata: { readonly name: string; readonly resourceVersion?: string };
  readonly status?: { readonly capacity?: Readonly<Record<string, string>> };
}

/** A page of nodes has 2 MB then. */
const pageSize = 100;

/** All nodes, each as whether it offers a resource. */
export function clusterNodes(
  cluster: ClusterConnection,
  resource: string,
  random: () => number,
): ListWatch<NodeOffer> {
  const keep = (node: NodeLike): NodeOffer => offerOf(node, resource);
  return clusterListWatch<NodeLike, NodeOffer>(cluster, { path: '/api/v1/nodes', pageSize, keep }, random);
}

/**
 * Capacity, not what is allocatable: a kubelet takes unhealthy devices, and those of a plugin that has been away for
 * less than 5 minutes, out of the latter alone. A pod can wait for those; it cannot for a plugin that nobody runs.
 */
export function offerOf({ metadata, status }: NodeLike, resource: string): NodeOffer {
  const { name, resourceVersion } = metadata;
  const capacity = Quantity.fromJson(status?.capacity?.[resource] ?? '0');
  const isOffering = capacity.ok && capacity.value.sign() > 0;
  return { name, isOffering, metadata: resourceVersion === undefined ? {} : { resourceVersion } };
}
