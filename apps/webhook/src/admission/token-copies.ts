import type { Result } from '@bwki/plain-data';

/** B52: sees to it that a namespace holds the token that its pods are to mount. */
export interface TokenCopies {
  /**
   * Resolves once the copy is current, or with why it cannot be. Called before the answer of a mutation that changes
   * something and is no dry run (B51).
   *
   * @param signal aborts when the API server waits no longer
   */
  ensure(namespace: string, signal: AbortSignal): Promise<Result<void, TokenFault>>;
}

export interface TokenFault {
  readonly code: string;
  /** For the user: what is wrong, and what to do. */
  readonly detail: string;
  /** Whether the same request may succeed in a moment. */
  readonly retryable: boolean;
}
