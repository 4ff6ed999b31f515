import type { Closers, Log } from '@bwki/daemon';
import { resources } from '@bwki/spec-parser';
import { systemClock } from '@bwki/timing';

import type { ResourceOffers } from '../admission/resource-offers.ts';
import type { Metrics } from '../metrics.ts';
import type { NodeOffersOptions } from './node-offers.ts';

/** Whose nodes are looked at. */
export interface ResourceOffersChoice extends Pick<NodeOffersOptions, 'graceMs'> {
  /** Whose cluster and account it is; undefined for those of the pod that this process runs in. */
  readonly kubeconfig?: string | undefined;
}

/**
 * What the nodes of a cluster offer (B53). Waits for no API server: as long as nothing is known, nothing is refused.
 *
 * @param closers gets what ends the watch of the cluster
 * @throws StartFault where there is no cluster to speak to
 */
export async function openResourceOffers(
  { kubeconfig, graceMs }: ResourceOffersChoice,
  { log, metrics }: { readonly log: Log; readonly metrics: Metrics },
  closers: Closers,
): Promise<ResourceOffers> {
  // Loaded here, so that who needs no cluster does not pay for a client of it.
  const [{ connectCluster }, { clusterNodes }, { NodeOffers }] = await Promise.all([
    import('../cluster/cluster-connection.ts'),
    import('./cluster-nodes.ts'),
    import('./node-offers.ts'),
  ]);
  const cluster = connectCluster(kubeconfig);
  closers.add(() => {
    cluster[Symbol.dispose]();
  });
  const nodes = clusterNodes(cluster, resources.units, () => systemClock.random());
  const offers = new NodeOffers({ nodes, resource: resources.units, log, metrics, graceMs });
  closers.add(() => offers[Symbol.asyncDispose]());
  return offers;
}
