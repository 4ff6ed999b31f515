import type { Closers, Log } from '@bwki/daemon';

import type { Metrics } from '../metrics.ts';
import type { PolicySource } from '../policy/policy-source.ts';
import type { RunningTokenCopies } from './follow-token-secrets.ts';
import { startTokenCopies } from './start-token-copies.ts';

/** Where the token is copied from, and to which cluster's namespaces. */
export interface TokenCopiesChoice {
  readonly sourceNamespace: string;
  /** Whose cluster and account it is; undefined for those of the pod that this process runs in. */
  readonly kubeconfig?: string | undefined;
}

/**
 * @param closers gets what ends the watch of the cluster
 * @throws StartFault where there is no cluster to speak to
 */
export async function openTokenCopies(
  { sourceNamespace, kubeconfig }: TokenCopiesChoice,
  { policy, log, metrics }: { readonly policy: PolicySource; readonly log: Log; readonly metrics: Metrics },
  closers: Closers,
): Promise<RunningTokenCopies> {
  const tokenSecrets = () => policy.current().tokenSecrets;
  const copies = await startTokenCopies({ kubeconfig, sourceNamespace, tokenSecrets, log, metrics });
  closers.add(() => copies[Symbol.asyncDispose]());
  return copies;
}
