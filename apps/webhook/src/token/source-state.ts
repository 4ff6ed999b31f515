import type { Log } from '@bwki/daemon';
import { err, ok, type Result } from '@bwki/plain-data';
import type { Clock } from '@bwki/timing';

import type { Metrics } from '../metrics.ts';
import type { Secret } from './secret-api.ts';
import { countSync } from './sync-outcome.ts';
import { sourceIncomplete, sourceMissing, type CodedTokenFault, type TokenSecret } from './token-faults.ts';
import { tokenSourceOf, type TokenSource } from './token-source.ts';

export interface SourceStateOptions {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

/** From the deletion of a source: whoever replaces it by `kubectl delete` and `kubectl create` is done by then. */
const replacementMs = 5000;

/** The secret that is copied, as it is now; a change for the worse is reported, and every copy stays (B52). */
export class SourceState {
  readonly #secret: TokenSecret;
  readonly #log: Log;
  readonly #metrics: Metrics;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #source: TokenSource | undefined;
  #isKnown = false;
  #replacement: Promise<void> = Promise.resolve();
  #replaced = new AbortController();

  /** @param signal ends all waits for a replacement */
  constructor(secret: TokenSecret, { log, metrics, clock }: SourceStateOptions, signal: AbortSignal) {
    this.#secret = secret;
    this.#log = log;
    this.#metrics = metrics;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** Resolves when a source that was deleted is there again or has been gone for 5 s; without one, at once. */
  get replacement(): Promise<void> {
    return this.#replacement;
  }

  usable(): Result<TokenSource, CodedTokenFault> {
    if (this.#source === undefined) return err(sourceMissing(this.#secret));
    const { missingKeys } = this.#source;
    return missingKeys.length === 0 ? ok(this.#source) : err(sourceIncomplete(this.#secret, missingKeys));
  }

  /** Gives whether copies may be out of date now. */
  set(secret: Secret | undefined): boolean {
    const before = this.#source;
    const wasKnown = this.#isKnown;
    this.#isKnown = true;
    this.#source = secret === undefined ? undefined : tokenSourceOf(secret, this.#secret.keys);
    if (this.#source !== undefined) this.#replaced.abort();
    else if (before !== undefined) this.#awaitReplacement();
    if (wasKnown && before?.fingerprint === this.#source?.fingerprint) return false;
    const usable = this.usable();
    const source = { secret: this.#secret.name, namespace: this.#secret.sourceNamespace };
    if (usable.ok) {
      this.#log.info({ ...source, resourceVersion: usable.value.resourceVersion }, 'token source taken');
      return true;
    }
    const { code, detail } = usable.error;
    const fault = { ...source, code, fault: detail };
    if (code === 'TOKEN_SOURCE_INCOMPLETE') {
      countSync(this.#metrics, 'source_incomplete');
      this.#log.error({ ...fault, missing: this.#source?.missingKeys }, 'token source lacks keys');
    } else if (before === undefined) {
      // As it is between an installation and the making of the first token.
      countSync(this.#metrics, 'source_missing');
      this.#log.warn(fault, 'there is no token source yet; pods that need a token are refused');
    } else {
      countSync(this.#metrics, 'source_deleted');
      this.#log.error(fault, 'token source is not there; copies stay');
    }
    return false;
  }

  #awaitReplacement(): void {
    this.#replaced = new AbortController();
    const signal = AbortSignal.any([this.#replaced.signal, this.#signal]);
    this.#replacement = this.#clock.sleep(replacementMs, signal);
  }
}
