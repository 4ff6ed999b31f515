import { createLog } from '@bwki/daemon';

import { createMetrics } from '../src/metrics.ts';
import type { CertificateSource } from '../src/tls/certificate-source.ts';
import { readState, type CertificateState } from '../src/certificates/certificate-state.ts';
import { startOwnCertificates, type OwnCertificatesOptions } from '../src/certificates/own-certificates.ts';
import { serviceNames } from '../src/kubernetes-objects/names.ts';
import type { InMemoryCluster } from './in-memory-cluster.ts';

export const minute = 60_000;
export const lifeMs = 90 * minute;
export const settleMs = 40;
export const names = serviceNames('bwki-webhook-svc', 'bwki');

export type Certificates = CertificateSource & AsyncDisposable;

/** Time goes on, and jumps when told to. */
let ahead = 0;
export function passes(milliseconds: number): void {
  ahead += milliseconds;
}
export const now = (): Date => new Date(Date.now() + ahead);
/** To where a certificate made now is due, and one with a minute more is not. */
export const toRotation = 61 * minute;

const running: AsyncDisposable[] = [];
export async function endAll(): Promise<void> {
  await Promise.all(running.splice(0).map((one) => one[Symbol.asyncDispose]()));
}

export async function start(
  cluster: InMemoryCluster,
  replica: string,
  more: Partial<OwnCertificatesOptions> = {},
): Promise<Certificates> {
  const certificates = await startOwnCertificates({
    api: cluster.api,
    names,
    replica,
    log: createLog('silent', { write: () => undefined }),
    metrics: createMetrics(),
    now,
    lifeMs,
    settleMs,
    lookMs: 5,
    ...more,
  });
  running.push(certificates);
  return certificates;
}

export function stateOf({ secret }: InMemoryCluster): CertificateState {
  if (secret === undefined) throw new Error('there is no secret');
  return readState(secret);
}

/** Whether one CA alone is trusted, and what is served is signed by it. */
export function isStable(cluster: InMemoryCluster, ...replicas: readonly Certificates[]): boolean {
  const { current, next, previousCa } = stateOf(cluster);
  return (
    next === undefined &&
    previousCa === undefined &&
    cluster.bundles().every((bundle) => bundle === current?.ca) &&
    replicas.every((replica) => replica.current().cert === current?.cert)
  );
}
