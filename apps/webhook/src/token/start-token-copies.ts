import type { TokenSecrets } from '@bwki/pod-mutator';
import { type Clock, systemClock } from '@bwki/timing';

import type { Log } from '@bwki/daemon';

import { names } from '../kubernetes-objects/names.ts';
import type { Metrics } from '../metrics.ts';
import type { WatchedNamespaces } from '../namespaces/watched-namespaces.ts';
import type { RunningTokenCopies } from './token-copy-controllers.ts';

/** Where the token is copied from, and to which cluster's namespaces. */
export interface TokenCopiesChoice {
  readonly sourceNamespace: string;
  /** The webhook's own, which keeps the key of the copies' marks; default `bwki`. */
  readonly namespace?: string | undefined;
  /** Whose cluster and account it is; undefined for those of the pod that this process runs in. */
  readonly kubeconfig?: string | undefined;
}

export interface TokenCopiesOptions extends TokenCopiesChoice {
  /** Which secrets hold the token; asked again for each pod. */
  readonly tokenSecrets: () => TokenSecrets;
  /** Where copies may be written. */
  readonly namespaces: Pick<WatchedNamespaces, 'isServed' | 'lookUp' | 'onChange'>;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly clock?: Clock | undefined;
}

/** How many copies of a secret are written at once when its source has changed. */
const parallel = 16;

/**
 * Copies the token in a cluster (B52). Waits for no API server.
 *
 * @throws StartFault where there is no cluster to speak to
 */
export async function startTokenCopies(options: TokenCopiesOptions): Promise<RunningTokenCopies> {
  const { kubeconfig, namespace = names.namespace, clock = systemClock, log } = options;
  // Loaded here, so that a webhook without a cluster does not load a client of it.
  const [
    { connectCluster },
    { clusterSecrets },
    { CopyMarkKey },
    { syncMarkKey },
    { startTokenCopyControllers },
  ] = await Promise.all([
    import('../cluster/cluster-connection.ts'),
    import('./cluster-secrets.ts'),
    import('./copy-mark-key.ts'),
    import('./sync-mark-key.ts'),
    import('./token-copy-controllers.ts'),
  ]);
  const cluster = connectCluster(kubeconfig);
  const api = clusterSecrets(cluster, () => clock.random());
  const markKey = new CopyMarkKey();
  const stop = new AbortController();
  const syncing = syncMarkKey({ api, namespace, markKey, clock, log, signal: stop.signal });
  const copies = startTokenCopyControllers({ ...options, api, markKey, clock, parallel });
  return {
    ensure: (wanted, signal) => copies.ensure(wanted, signal),
    unready: () => [
      ...copies.unready(),
      ...(markKey.key === undefined ? ['the key of the token copies is not known yet'] : []),
    ],
    async [Symbol.asyncDispose]() {
      stop.abort();
      await copies[Symbol.asyncDispose]();
      await syncing;
      cluster[Symbol.dispose]();
    },
  };
}
