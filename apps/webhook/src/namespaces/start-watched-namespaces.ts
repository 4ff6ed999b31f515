import type { Log } from '@bwki/daemon';
import { type Clock, systemClock } from '@bwki/timing';

import { names } from '../kubernetes-objects/names.ts';
import type { LabelSelector } from './label-selector.ts';
import type { WatchedNamespaces } from './watched-namespaces.ts';

/** Which pods are served, as the webhook configurations select them, and in which cluster. */
export interface NamespacesChoice {
  /** Default: all but the webhook's own namespace and `kube-system`. */
  readonly namespaceSelector?: LabelSelector | undefined;
  /** Default: all pods. */
  readonly objectSelector?: LabelSelector | undefined;
  /** The webhook's own; default `bwki`. */
  readonly namespace?: string | undefined;
  /** Whose cluster and account it is; undefined for those of the pod that this process runs in. */
  readonly kubeconfig?: string | undefined;
}

/** What the chart excludes by default. */
export function defaultNamespaceSelector(namespace: string): LabelSelector {
  const values = [...new Set([namespace, 'kube-system'])];
  return { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values }] };
}

/**
 * The namespaces of a cluster that are served. Waits for no API server.
 *
 * @throws StartFault where there is no cluster to speak to
 */
export async function startWatchedNamespaces(
  choice: NamespacesChoice,
  { log, clock = systemClock }: { readonly log: Log; readonly clock?: Clock | undefined },
): Promise<WatchedNamespaces> {
  const { kubeconfig, objectSelector, namespace = names.namespace } = choice;
  const selector = choice.namespaceSelector ?? defaultNamespaceSelector(namespace);
  // Loaded here, so that a webhook without a cluster does not load a client of it.
  const [{ connectCluster }, { clusterNamespaces }, { WatchedNamespaces }] = await Promise.all([
    import('../cluster/cluster-connection.ts'),
    import('./cluster-namespaces.ts'),
    import('./watched-namespaces.ts'),
  ]);
  const cluster = connectCluster(kubeconfig);
  const api = clusterNamespaces(cluster, selector, () => clock.random());
  return new WatchedNamespaces({ api, objectSelector, log, clock, connection: cluster });
}
