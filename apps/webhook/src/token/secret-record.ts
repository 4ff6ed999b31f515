import { copyLabel } from './copy-marks.ts';
import { fingerprint } from './fingerprint.ts';
import type { Secret, SecretMetadata } from './secret-api.ts';

/** What is kept of a copy: all that an update needs, without the token. */
export interface SecretRecord {
  readonly version: bigint;
  readonly metadata: SecretMetadata;
  readonly type: string | undefined;
  readonly fingerprint: string;
  readonly isOurs: boolean;
}

export function recordOf(secret: Secret): SecretRecord {
  const { metadata } = secret;
  return {
    version: BigInt(metadata.resourceVersion ?? '0'),
    metadata,
    type: secret.type,
    fingerprint: fingerprint(secret),
    isOurs: metadata.labels?.[copyLabel.key] === copyLabel.value,
  };
}
