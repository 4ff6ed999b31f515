import { err, ok, type Result } from '@bwki/plain-data';
import { Backoff, type Clock } from '@bwki/timing';

import { failureText, isAccessDenied, isTransient, type ApiFailure } from '../cluster/api-failure.ts';
import { copyOf, planCopy } from './copy-plan.ts';
import type { Secret, SecretApi } from './secret-api.ts';
import { recordOf, type SecretRecord } from './secret-record.ts';
import {
  apiUnavailable,
  copyContested,
  copyRefused,
  namespaceGone,
  secretForeign,
  type CodedTokenFault,
  type TokenSecret,
} from './token-faults.ts';
import type { TokenSource } from './token-source.ts';

export interface ReconcileOptions {
  readonly secret: TokenSecret;
  readonly api: SecretApi;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called before each attempt, as the source may change in between. */
  readonly source: () => Result<TokenSource, CodedTokenFault>;
  /** The copy as it is known. */
  readonly known: () => SecretRecord | undefined;
  /** What the webhook's own copy bears. */
  readonly mark: () => string;
  /** Called with each answer of the API server. */
  readonly answered: (record: SecretRecord) => void;
  /** How many writes may be lost to those of others; then the copy counts as contested. */
  readonly maxWrites: number;
}

export type Reconciled = 'current' | 'created' | 'updated' | 'adopted';

const retries = { firstMs: 50, maxMs: 1000 };
export const maxAttempts = 6;

/**
 * Makes the copy in a namespace current. After a write that lost a race it reads what is there now; an API server that
 * does not answer is asked again a few times; a namespace that is being deleted is not.
 */
export async function reconcileCopy(
  namespace: string,
  options: ReconcileOptions,
): Promise<Result<Reconciled, CodedTokenFault>> {
  const { secret, api, clock, signal, answered, maxWrites } = options;
  const backoff = new Backoff(retries, clock);
  let failure: ApiFailure | undefined;
  let writes = 0;
  /** What was read, as it is more recent than what is known. */
  let look: { readonly record: SecretRecord | undefined } | undefined;

  for (let attempt = 0; attempt < maxAttempts && !signal.aborted; attempt += 1) {
    if (attempt > 0) {
      // After the first lost race there is no need to wait.
      if (attempt > 1 || (failure !== undefined && !isLostRace(failure))) await backoff.wait(signal);
      const read = await api.read(namespace, secret.name, signal);
      if (!read.ok) {
        if (!mayPass(read.error)) return err(copyRefused(secret, namespace, read.error));
        failure = read.error;
        continue;
      }
      look = { record: toRecord(read.value) };
      if (look.record !== undefined) answered(look.record);
    }
    const source = options.source();
    if (!source.ok) return source;
    const copy = look === undefined ? options.known() : look.record;
    const mark = options.mark();
    const plan = planCopy(copy, source.value, mark);
    if (plan === 'current') return ok('current');
    if (plan === 'foreign') {
      if (look !== undefined) return err(secretForeign(secret, namespace, copy?.isLabelled === true));
      // It may have been deleted a moment ago: read it before the pod is refused.
      continue;
    }
    if (writes >= maxWrites) return err(copyContested(secret, namespace));
    writes += 1;
    const wanted = copyOf(source.value, { name: secret.name, namespace, mark }, copy);
    const written = await (plan === 'create' ? api.create(wanted, signal) : api.update(wanted, signal));
    if (written.ok) {
      answered(recordOf(written.value));
      return ok(outcomes[plan]);
    }
    const { error } = written;
    if (isNamespaceGone(error, plan)) return err(namespaceGone(namespace));
    if (!isLostRace(error)) {
      if (!mayPass(error)) return err(copyRefused(secret, namespace, error));
      writes -= 1;
    }
    failure = error;
  }
  if (failure !== undefined && isLostRace(failure)) return err(copyContested(secret, namespace));
  if (failure !== undefined && isAccessDenied(failure)) return err(copyRefused(secret, namespace, failure));
  const reason = failure === undefined ? 'no answer in time' : failureText(failure);
  return err(apiUnavailable(secret, namespace, reason));
}

/** Whether the API server was asked to store something and had an opinion on it. */
export function isWrite(settled: Result<Reconciled, CodedTokenFault>): boolean {
  if (settled.ok) return settled.value !== 'current';
  return settled.error.code === 'TOKEN_COPY_CONTESTED' || settled.error.code === 'TOKEN_COPY_REFUSED';
}

const outcomes = { create: 'created', update: 'updated', adopt: 'adopted' } as const;

function toRecord(secret: Secret | undefined): SecretRecord | undefined {
  return secret === undefined ? undefined : recordOf(secret);
}

/** Somebody else has created, changed or deleted the copy since it was read. */
function isLostRace({ status }: ApiFailure): boolean {
  return status === 409 || status === 404;
}

/** An API server that has just started denies everything until it has read the roles; a quota's refusal stays. */
function mayPass(failure: ApiFailure): boolean {
  return isTransient(failure) || (isAccessDenied(failure) && failure.quota === '');
}

function isNamespaceGone({ status, causes }: ApiFailure, plan: 'create' | 'update' | 'adopt'): boolean {
  return causes.includes('NamespaceTerminating') || (status === 404 && plan === 'create');
}
