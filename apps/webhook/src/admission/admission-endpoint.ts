import type { Log } from '@bwki/daemon';
import { ok, type Result } from '@bwki/plain-data';
import type { Policy } from '@bwki/pod-mutator';

import type { WebhookErrorCode } from '../error-codes.ts';
import type { Metrics, WebhookName } from '../metrics.ts';
import type { PolicySource } from '../policy/policy-source.ts';
import type { AdmissionRequest } from './admission-review.ts';
import type { Decision } from './decision.ts';
import { decisionRecord, type DecisionRecord } from './decision-record.ts';
import { mutate } from './mutate.ts';
import type { NamespaceSelection } from './namespace-selection.ts';
import type { ResourceOffers } from './resource-offers.ts';
import { decideIfServed } from './served-requests.ts';
import type { TokenCopies, TokenFault } from './token-copies.ts';
import { validate } from './validate.ts';

/** What an endpoint decides by. */
export interface AdmissionContext {
  readonly policy: PolicySource;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Without it no token is copied: the namespaces have to hold theirs. */
  readonly tokenCopies?: TokenCopies | undefined;
  readonly resourceOffers?: ResourceOffers | undefined;
  /** Without it every namespace is served. */
  readonly namespaces?: NamespaceSelection | undefined;
}

export interface AdmissionEndpoint {
  readonly record: DecisionRecord;
  /** @param deadline made only where something has to be waited for */
  decide(request: AdmissionRequest, deadline: () => AbortSignal): Decision | Promise<Decision>;
}

export function admissionEndpoint(webhook: WebhookName, context: AdmissionContext): AdmissionEndpoint {
  const { policy, log, metrics, tokenCopies, resourceOffers, namespaces } = context;
  const record = decisionRecord(webhook, log, metrics);
  const judge: AdmissionEndpoint['decide'] =
    webhook === 'validate'
      ? (request) => validate(request, policy.current(), resourceOffers)
      : (request, deadline) => mutateWithToken(request, policy.current(), tokenCopies, deadline);
  return {
    record,
    decide: (request, deadline) =>
      decideIfServed(request, namespaces, deadline, () => judge(request, deadline)),
  };
}

function mutateWithToken(
  request: AdmissionRequest,
  policy: Policy,
  tokenCopies: TokenCopies | undefined,
  deadline: () => AbortSignal,
): Decision | Promise<Decision> {
  const decision = mutate(request, policy);
  if (request.dryRun || tokenCopies === undefined) return decision;
  const needsToken = decision.kind === 'mutated' || (decision.kind === 'unchanged' && decision.mountsToken);
  if (!needsToken) return decision;
  return ensureToken(tokenCopies, request.namespace, deadline()).then((ensured) =>
    ensured.ok ? decision : { kind: 'unavailable', fault: ensured.error },
  );
}

/** An endless wait for a token ends with the time of the request. */
async function ensureToken(
  tokenCopies: TokenCopies,
  namespace: string,
  signal: AbortSignal,
): Promise<Result<void, TokenFault>> {
  const { promise: timeIsUp, resolve } = Promise.withResolvers<Result<void, TokenFault>>();
  const giveUp = (): void => {
    resolve({ ok: false, error: tooLate });
  };
  if (signal.aborted) giveUp();
  else signal.addEventListener('abort', giveUp, { once: true });
  try {
    const ensured = await Promise.race([tokenCopies.ensure(namespace, signal), timeIsUp]);
    return ensured.ok ? ok(undefined) : ensured;
  } catch (error) {
    if (signal.aborted) return { ok: false, error: tooLate };
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

const tooLate: TokenFault = Object.freeze({
  code: 'ADMISSION_TOKEN_TIMEOUT' satisfies WebhookErrorCode,
  detail: 'the access token could not be copied to the namespace in time: try again',
  retryable: true,
});
