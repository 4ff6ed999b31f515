import { fingerprint } from './fingerprint.ts';
import type { Secret } from './secret-api.ts';

/** The secret that is copied, in full. */
export interface TokenSource {
  readonly resourceVersion: string;
  readonly data: Readonly<Record<string, string>>;
  readonly fingerprint: string;
  /** Keys that the pods need and that it lacks, or that are empty. */
  readonly missingKeys: readonly string[];
}

export function tokenSourceOf(secret: Secret, keys: readonly string[]): TokenSource {
  const { data = {} } = secret;
  return {
    resourceVersion: secret.metadata.resourceVersion ?? '',
    data,
    fingerprint: fingerprint(secret),
    missingKeys: keys.filter((key) => (data[key] ?? '') === ''),
  };
}
