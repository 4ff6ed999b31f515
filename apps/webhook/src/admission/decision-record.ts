import type { Log } from '@bwki/daemon';

import type { Metrics, Outcome, WebhookName } from '../metrics.ts';
import type { AdmissionRequest } from './admission-review.ts';
import type { Decision } from './decision.ts';

/** Codes of faults in one log line; a pod may have thousands. */
const maxCodes = 10;

/** Writes down what became of requests to one endpoint: a log line and the metrics (B57). */
export interface DecisionRecord {
  decided(request: AdmissionRequest, decision: Decision, milliseconds: number): void;
  /** An answer without a decision. `detail` holds nothing of the body. */
  failed(outcome: 'rejected' | 'error' | 'aborted', detail: FailureDetail, milliseconds: number): void;
}

export interface FailureDetail {
  readonly uid?: string | undefined;
  readonly status?: number | undefined;
  readonly detail?: string | undefined;
  readonly stack?: string | undefined;
}

export function decisionRecord(webhook: WebhookName, parent: Log, metrics: Metrics): DecisionRecord {
  const log = parent.child({ webhook });
  const duration = metrics.duration.labels({ webhook });
  // Looked up once each: a lookup takes longer than the counting.
  const requests = new Map<Outcome, { readonly inc: () => void }>();
  const count = (outcome: Outcome, milliseconds: number): void => {
    let counter = requests.get(outcome);
    if (counter === undefined) {
      counter = metrics.requests.labels({ webhook, outcome });
      requests.set(outcome, counter);
    }
    counter.inc();
    duration.observe(milliseconds / 1000);
  };
  return {
    decided(request, decision, milliseconds) {
      const { uid, namespace, podName: pod, operation, dryRun } = request;
      count(decision.kind, milliseconds);
      const units = 'units' in decision ? Number(decision.units) : 0;
      if (decision.kind === 'allowed' && units > 0 && !dryRun) {
        metrics.admittedUnits.inc({ namespace: metrics.namespaces.of(namespace) }, units);
      }
      const ms = Math.round(milliseconds * 1000) / 1000;
      const line = { uid, namespace, pod, operation, dryRun, outcome: decision.kind, units, ms };
      const codes = codesOf(decision);
      log.info(codes === undefined ? line : { ...line, codes }, 'admission');
    },
    failed(outcome, detail, milliseconds) {
      count(outcome, milliseconds);
      const ms = Math.round(milliseconds * 1000) / 1000;
      const line = { outcome, ...detail, ms };
      if (outcome === 'error') log.error(line, 'admission');
      else log.warn(line, 'admission');
    },
  };
}

/** Codes say what was wrong; values, which may be secrets, stay out of the log. */
function codesOf(decision: Decision): readonly string[] | undefined {
  if (decision.kind === 'unavailable') return [decision.fault.code];
  if (decision.kind !== 'denied') return undefined;
  return [...new Set(decision.errors.map(({ code }) => code))].slice(0, maxCodes);
}
