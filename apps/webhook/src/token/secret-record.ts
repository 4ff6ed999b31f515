import { copyLabel, copyMarkAnnotation } from './copy-marks.ts';
import { fingerprint } from './fingerprint.ts';
import type { Secret, SecretMetadata } from './secret-api.ts';

/** What is kept of a copy: all that an update needs, without the token. */
export interface SecretRecord {
  readonly version: bigint;
  readonly metadata: SecretMetadata;
  readonly type: string | undefined;
  readonly fingerprint: string;
  readonly isLabelled: boolean;
  /** As it stands there, which anybody can write; undefined where there is none. */
  readonly mark: string | undefined;
}

export function recordOf(secret: Secret): SecretRecord {
  const { metadata } = secret;
  return {
    version: BigInt(metadata.resourceVersion ?? '0'),
    metadata,
    type: secret.type,
    fingerprint: fingerprint(secret),
    isLabelled: metadata.labels?.[copyLabel.key] === copyLabel.value,
    mark: metadata.annotations?.[copyMarkAnnotation],
  };
}
