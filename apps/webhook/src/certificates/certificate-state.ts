import { joinCertificates } from './certificate-blocks.ts';
import type { StoredSecret } from './certificate-api.ts';
import { expiryOfPem, readGeneration, type Generation } from './generation.ts';
import { formerSilenceMs } from './rotation-schedule.ts';

/** What all replicas share, as it is in the secret. */
export interface CertificateState {
  /** What every replica has to serve; undefined where the secret holds none that can be read. */
  readonly current: Generation | undefined;
  /** What is served next, once every API server trusts its CA. */
  readonly next: Generation | undefined;
  /** What was served before, as long as a replica may still serve it. */
  readonly previousCa: CertificateAuthority | undefined;
  /** By the replica's name. */
  readonly replicas: ReadonlyMap<string, Replica>;
}

export interface CertificateAuthority {
  readonly pem: string;
  readonly notAfter: Date;
}

/** What a replica says of itself. */
export interface Replica {
  /** Fingerprint of the certificate that it serves. */
  readonly serves: string;
  /** When it said so, by its own clock. */
  readonly seen: Date;
  /** When it counts as dead unless it has said more. */
  readonly until: Date;
}

export const emptyState: CertificateState = {
  current: undefined,
  next: undefined,
  previousCa: undefined,
  replicas: new Map(),
};

/** Public, not secret: who serves what. In an annotation, so that `kubectl describe` shows it. */
export const replicasAnnotation = 'bitfusion.io/serving-replicas';

/** `tls.crt`, `tls.key` and `ca.crt` are the names that Kubernetes and cert-manager use. */
const keys = {
  current: { ca: 'ca.crt', cert: 'tls.crt', key: 'tls.key' },
  next: { ca: 'next-ca.crt', cert: 'next-tls.crt', key: 'next-tls.key' },
  previousCa: 'previous-ca.crt',
} as const;

/** Reads what may have been edited by hand: what cannot be read counts as absent. */
export function readState({ data, metadata }: Pick<StoredSecret, 'data' | 'metadata'>): CertificateState {
  const generation = (names: Record<'ca' | 'cert' | 'key', string>): Generation | undefined => {
    const read = readGeneration({
      ca: data[names.ca] ?? '',
      cert: data[names.cert] ?? '',
      key: data[names.key] ?? '',
    });
    return read.ok ? read.value : undefined;
  };
  return {
    current: generation(keys.current),
    next: generation(keys.next),
    previousCa: readAuthority(data[keys.previousCa] ?? ''),
    replicas: readReplicas(metadata.annotations?.[replicasAnnotation]),
  };
}

/** @param state with a `current`: nothing is written before there is something to serve */
export function writeState({ current, next, previousCa, replicas }: CertificateState): {
  readonly data: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
} {
  return {
    data: {
      ...(current !== undefined && generationData(keys.current, current)),
      ...(next !== undefined && generationData(keys.next, next)),
      ...(previousCa !== undefined && { [keys.previousCa]: previousCa.pem }),
    },
    annotations: { [replicasAnnotation]: JSON.stringify(Object.fromEntries(replicas)) },
  };
}

/** PEM, the oldest CA first, so that the bundle stays as it is while the serving certificate changes. */
export function caBundleOf({ current, next, previousCa }: CertificateState): string {
  return joinCertificates([previousCa?.pem, current?.ca, next?.ca].filter((pem) => pem !== undefined));
}

function generationData(
  names: Record<'ca' | 'cert' | 'key', string>,
  { ca, cert, key }: Generation,
): Record<string, string> {
  return { [names.ca]: ca, [names.cert]: cert, [names.key]: key };
}

function readAuthority(pem: string): CertificateAuthority | undefined {
  const notAfter = expiryOfPem(pem);
  return notAfter === undefined ? undefined : { pem, notAfter };
}

function readReplicas(text: string | undefined): ReadonlyMap<string, Replica> {
  const replicas = new Map<string, Replica>();
  for (const [name, value] of Object.entries(parseObject(text ?? ''))) {
    const { serves, ...times } = (value ?? {}) as Record<string, unknown>;
    const seen = readTime(times['seen']);
    if (typeof serves !== 'string' || seen === undefined) continue;
    const until = readTime(times['until']) ?? new Date(seen.getTime() + formerSilenceMs);
    replicas.set(name, { serves, seen, until });
  }
  return replicas;
}

function readTime(value: unknown): Date | undefined {
  const time = new Date(typeof value === 'string' ? value : NaN);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

function parseObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
