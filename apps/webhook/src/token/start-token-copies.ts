import { systemClock } from '@bwki/timing';

import {
  followTokenSecrets,
  type FollowTokenSecretsOptions,
  type RunningTokenCopies,
} from './follow-token-secrets.ts';

export interface TokenCopiesOptions extends Omit<FollowTokenSecretsOptions, 'api'> {
  /** Whose cluster and account it is; undefined for those of the pod that this process runs in. */
  readonly kubeconfig: string | undefined;
}

/**
 * Copies the token in a cluster (B52). Waits for no API server.
 *
 * @throws StartFault where there is no cluster to speak to
 */
export async function startTokenCopies(options: TokenCopiesOptions): Promise<RunningTokenCopies> {
  const { kubeconfig, clock = systemClock } = options;
  // Loaded here, so that who needs no cluster does not pay for a client of it.
  const [{ connectCluster }, { clusterSecrets }] = await Promise.all([
    import('../cluster/cluster-connection.ts'),
    import('./cluster-secrets.ts'),
  ]);
  const cluster = connectCluster(kubeconfig);
  const copies = followTokenSecrets({ ...options, api: clusterSecrets(cluster, () => clock.random()) });
  return {
    ensure: (namespace, signal) => copies.ensure(namespace, signal),
    unready: () => copies.unready(),
    async [Symbol.asyncDispose]() {
      await copies[Symbol.asyncDispose]();
      cluster[Symbol.dispose]();
    },
  };
}
