import { isSameMark } from './copy-mark-key.ts';
import { copyLabel, copyMarkAnnotation, sourceVersionAnnotation } from './copy-marks.ts';
import type { Secret } from './secret-api.ts';
import type { SecretRecord } from './secret-record.ts';
import type { TokenSource } from './token-source.ts';

/**
 * What to do about a copy. `adopt` adds label and mark to a secret without them whose data are the source's: the
 * original's copies, and those of a version before the mark. `foreign` is a user's own, which stays as it is.
 */
export type CopyPlan = 'current' | 'create' | 'update' | 'adopt' | 'foreign';

/**
 * Only data count: a source whose labels alone have changed needs no copy written.
 *
 * @param mark what the webhook's own copy there bears
 */
export function planCopy(copy: SecretRecord | undefined, source: TokenSource, mark: string): CopyPlan {
  if (copy === undefined) return 'create';
  const isSame = copy.fingerprint === source.fingerprint;
  const isOurs = copy.isLabelled && copy.mark !== undefined && isSameMark(copy.mark, mark);
  if (isOurs) return isSame ? 'current' : 'update';
  return isSame ? 'adopt' : 'foreign';
}

export interface CopyIdentity {
  readonly name: string;
  readonly namespace: string;
  readonly mark: string;
}

/**
 * The secret that makes the copy current. What else is in the metadata of a copy that is there stays, and so do its
 * type, which cannot be changed, and its resource version, by which a write in between is noticed.
 */
export function copyOf(
  source: TokenSource,
  { name, namespace, mark }: CopyIdentity,
  replaced?: SecretRecord,
): Secret {
  const { metadata = { name, namespace }, type = 'Opaque' } = replaced ?? {};
  return {
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, [copyLabel.key]: copyLabel.value },
      annotations: {
        ...metadata.annotations,
        [copyMarkAnnotation]: mark,
        [sourceVersionAnnotation]: source.resourceVersion,
      },
    },
    type,
    data: source.data,
  };
}
