import type { Result } from '@bwki/plain-data';

import type { ApiFailure } from '../cluster/api-failure.ts';
import type { ListWatch } from '../cluster/list-watch.ts';

/** Metadata as the API's JSON has it; what is not named here is kept and sent back as it came. */
export interface SecretMetadata {
  readonly name: string;
  readonly namespace: string;
  readonly resourceVersion?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** A Secret of the API. */
export interface Secret {
  readonly metadata: SecretMetadata;
  readonly type?: string;
  /** Values in base64. */
  readonly data?: Readonly<Record<string, string>>;
}

/** The Secrets of one name in all namespaces: the only ones that the webhook may see (B58). Never rejects. */
export interface SecretApi {
  named(name: string): ListWatch<Secret>;
  /** Undefined where there is none. */
  read(namespace: string, name: string, signal: AbortSignal): Promise<Result<Secret | undefined, ApiFailure>>;
  create(secret: Secret, signal: AbortSignal): Promise<Result<Secret, ApiFailure>>;
  /** Replaces the secret of that `resourceVersion`. */
  update(secret: Secret, signal: AbortSignal): Promise<Result<Secret, ApiFailure>>;
}
