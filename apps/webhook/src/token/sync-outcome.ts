import type { Result } from '@bwki/plain-data';

import type { Reconciled } from './reconcile-copy.ts';
import type { CodedTokenFault } from './token-faults.ts';
import type { TokenErrorCode } from './token-error-codes.ts';

/** Values of the label `outcome` of `bwki_secret_sync_total`; `source_deleted`: the source was there. */
export const syncOutcomes = [
  'current',
  'created',
  'updated',
  'adopted',
  'foreign',
  'contested',
  'namespace_unserved',
  'namespace_gone',
  'refused',
  'unavailable',
  'access_denied',
  'source_missing',
  'source_incomplete',
  'source_deleted',
] as const;

export type SyncOutcome = (typeof syncOutcomes)[number];

const outcomeOfFault: Readonly<Record<TokenErrorCode, SyncOutcome>> = Object.freeze({
  TOKEN_SOURCE_MISSING: 'source_missing',
  TOKEN_SOURCE_INCOMPLETE: 'source_incomplete',
  TOKEN_SECRET_FOREIGN: 'foreign',
  TOKEN_COPY_CONTESTED: 'contested',
  TOKEN_NAMESPACE_UNSERVED: 'namespace_unserved',
  TOKEN_NAMESPACE_GONE: 'namespace_gone',
  TOKEN_COPY_REFUSED: 'refused',
  TOKEN_ACCESS_DENIED: 'access_denied',
  TOKEN_API_UNAVAILABLE: 'unavailable',
});

export function outcomeOf(result: Result<Reconciled, CodedTokenFault>): SyncOutcome {
  return result.ok ? result.value : outcomeOfFault[result.error.code];
}

/** The counter alone: the metrics list the outcomes above. */
interface SyncMetrics {
  readonly secretSyncs: { inc(labels: { readonly outcome: SyncOutcome }): void };
}

export function countSync({ secretSyncs }: SyncMetrics, outcome: SyncOutcome): void {
  secretSyncs.inc({ outcome });
}
