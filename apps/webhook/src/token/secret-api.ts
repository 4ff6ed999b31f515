import type { Result } from '@bwki/quota-calc';

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

export interface SecretPage {
  readonly items: readonly Secret[];
  readonly resourceVersion: string;
  /** Where the next page starts; undefined on the last one. */
  readonly next: string | undefined;
}

export type SecretEvent =
  /** The API server has taken the watch. */
  | { readonly type: 'open' }
  | { readonly type: 'put' | 'removed'; readonly secret: Secret }
  /** All up to this resource version has been sent. */
  | { readonly type: 'bookmark'; readonly resourceVersion: string }
  /** The last event of a watch that does not end by itself. */
  | { readonly type: 'failed'; readonly failure: ApiFailure };

/** Why a call has no result. Holds nothing of a secret. */
export interface ApiFailure {
  /** HTTP status; 0 where none came: no connection, or one that broke. */
  readonly status: number;
  /** Kubernetes' reason, such as `AlreadyExists`; the code of the system's error where no answer came. */
  readonly reason: string;
  /** Reasons of Kubernetes' causes, such as `NamespaceTerminating`. */
  readonly causes: readonly string[];
  /** What a quota says, which the user has to know; empty otherwise, since other messages may quote the object. */
  readonly quota: string;
  /** How long the API server asks to wait. */
  readonly retryAfterMs: number | undefined;
}

/** The Secrets of one name in all namespaces: the only ones that the webhook may see (B58). Never rejects. */
export interface SecretApi {
  /** @param from `next` of the page before */
  list(name: string, from: string | undefined, signal: AbortSignal): Promise<Result<SecretPage, ApiFailure>>;
  /** What happens after a resource version; ends when the API server ends it, or with `signal`. */
  watch(name: string, resourceVersion: string, signal: AbortSignal): AsyncIterable<SecretEvent>;
  /** Undefined where there is none. */
  read(namespace: string, name: string, signal: AbortSignal): Promise<Result<Secret | undefined, ApiFailure>>;
  create(secret: Secret, signal: AbortSignal): Promise<Result<Secret, ApiFailure>>;
  /** Replaces the secret of that `resourceVersion`. */
  update(secret: Secret, signal: AbortSignal): Promise<Result<Secret, ApiFailure>>;
}
