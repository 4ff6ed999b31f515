import { copyLabel, sourceVersionAnnotation } from './copy-marks.ts';
import type { Secret } from './secret-api.ts';
import type { SecretRecord } from './secret-record.ts';
import type { TokenSource } from './token-source.ts';

/**
 * What is to be done about a copy. `adopt` is the label alone, for a secret without it whose data are the source's
 * (the original's copies bear none); `foreign` is a user's own, which stays as it is.
 */
export type CopyPlan = 'current' | 'create' | 'update' | 'adopt' | 'foreign';

/** Only data count: a source whose labels alone have changed needs no copy written. */
export function planCopy(copy: SecretRecord | undefined, source: TokenSource): CopyPlan {
  if (copy === undefined) return 'create';
  const isSame = copy.fingerprint === source.fingerprint;
  if (copy.isOurs) return isSame ? 'current' : 'update';
  return isSame ? 'adopt' : 'foreign';
}

/**
 * The secret that makes the copy current. What else is in the metadata of a copy that is there stays, and so do its
 * type, which cannot be changed, and its resource version, by which a write in between is noticed.
 */
export function copyOf(
  source: TokenSource,
  { name, namespace }: { readonly name: string; readonly namespace: string },
  replaced?: SecretRecord,
): Secret {
  const { metadata = { name, namespace }, type = 'Opaque' } = replaced ?? {};
  return {
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, [copyLabel.key]: copyLabel.value },
      annotations: { ...metadata.annotations, [sourceVersionAnnotation]: source.resourceVersion },
    },
    type,
    data: source.data,
  };
}
