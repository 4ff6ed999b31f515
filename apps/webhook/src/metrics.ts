import { Counter, Gauge, Histogram, Registry } from 'prom-client';

import { BoundedLabel } from './bounded-label.ts';
import { syncOutcomes } from './token/sync-outcome.ts';

/**
 * How requests end at each of the two endpoints: as `Decision` says, `rejected` with an HTTP 4xx, `error` with an HTTP
 * 500, or `aborted` by a client that did not wait.
 */
const outcomes = {
  mutate: [
    'ignored',
    'unserved',
    'unchanged',
    'mutated',
    'denied',
    'unavailable',
    'rejected',
    'error',
    'aborted',
  ],
  validate: ['ignored', 'unserved', 'allowed', 'denied', 'unavailable', 'rejected', 'error', 'aborted'],
} as const;

/** The two endpoints, as the label of a metric and the field of a log line. */
export type WebhookName = keyof typeof outcomes;

export type Outcome = (typeof outcomes)[WebhookName][number];

/** Namespaces that have a series of their own in `bwki_admitted_units_total`. */
const maxNamespaces = 1000;

/** What the webhook counts (B57). One for each webhook, so that two in a process do not add up. */
export interface Metrics {
  readonly registry: Registry;
  readonly requests: Counter<'webhook' | 'outcome'>;
  readonly duration: Histogram<'webhook'>;
  readonly admittedUnits: Counter<'namespace'>;
  /** Bounds the label of `admittedUnits`. */
  readonly namespaces: BoundedLabel;
  readonly secretSyncs: Counter<'outcome'>;
  readonly offeringNodes: Gauge<'resource'>;
  readonly certificateStart: Gauge;
  readonly certificateExpiry: Gauge;
  readonly certificateReloads: Counter<'outcome'>;
  readonly policyReloads: Counter<'outcome'>;
  readonly policyReloadSuccessful: Gauge;
}

/** Seconds. A decision takes well under a millisecond; an API server waits for 30 seconds at most. */
const durationBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const metrics: Metrics = {
    registry,
    namespaces: new BoundedLabel(maxNamespaces),
    requests: new Counter({
      name: 'bwki_admission_requests_total',
      help: 'Admission requests, by endpoint and by what became of them.',
      labelNames: ['webhook', 'outcome'],
      registers,
    }),
    duration: new Histogram({
      name: 'bwki_admission_duration_seconds',
      help: 'Time from the head of an admission request to its answer.',
      labelNames: ['webhook'],
      buckets: durationBuckets,
      registers,
    }),
    admittedUnits: new Counter({
      name: 'bwki_admitted_units_total',
      help: 'Units of bitfusion.io/gpu in the pods that were admitted, by namespace; 1 is 1 % of one GPU.',
      labelNames: ['namespace'],
      registers,
    }),
    secretSyncs: new Counter({
      name: 'bwki_secret_sync_total',
      help: 'Copies of the access token that were looked at, by what became of them.',
      labelNames: ['outcome'],
      registers,
    }),
    offeringNodes: new Gauge({
      name: 'bwki_offering_nodes',
      help: 'Nodes whose capacity has the resource; there once the nodes have been listed.',
      labelNames: ['resource'],
      registers,
    }),
    certificateStart: new Gauge({
      name: 'bwki_certificate_start_timestamp_seconds',
      help: 'When the certificate that is served begins; there once there is one.',
      registers,
    }),
    certificateExpiry: new Gauge({
      name: 'bwki_certificate_expiry_timestamp_seconds',
      help: 'When the certificate that is served expires; there once there is one.',
      registers,
    }),
    certificateReloads: new Counter({
      name: 'bwki_certificate_reloads_total',
      help: 'Changes of the serving certificate, by whether it was taken.',
      labelNames: ['outcome'],
      registers,
    }),
    policyReloads: new Counter({
      name: 'bwki_config_reloads_total',
      help: 'Changes of the configuration, by whether it was taken.',
      labelNames: ['outcome'],
      registers,
    }),
    policyReloadSuccessful: new Gauge({
      name: 'bwki_config_last_reload_successful',
      help: '1 if the configuration as it stands is the one in use, 0 if it is broken and an older one is.',
      registers,
    }),
  };
  // Until there is a certificate, it does not expire in 1970.
  metrics.certificateStart.remove();
  metrics.certificateExpiry.remove();
  beginAtZero(metrics);
  return metrics;
}

/** Each counter whose labels are known, so that its first event is an increase for Prometheus. */
function beginAtZero(metrics: Metrics): void {
  for (const webhook of ['mutate', 'validate'] as const) {
    metrics.duration.zero({ webhook });
    for (const outcome of outcomes[webhook]) metrics.requests.inc({ webhook, outcome }, 0);
  }
  for (const outcome of syncOutcomes) metrics.secretSyncs.inc({ outcome }, 0);
  for (const outcome of ['loaded', 'refused']) {
    metrics.certificateReloads.inc({ outcome }, 0);
    metrics.policyReloads.inc({ outcome }, 0);
  }
}
