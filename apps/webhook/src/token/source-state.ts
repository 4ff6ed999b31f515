import type { Log } from '@bwki/daemon';
import { err, ok, type Result } from '@bwki/quota-calc';

import type { Metrics } from '../metrics.ts';
import type { Secret } from './secret-api.ts';
import { countSync } from './sync-outcome.ts';
import { sourceIncomplete, sourceMissing, type CodedTokenFault, type TokenSecret } from './token-faults.ts';
import { tokenSourceOf, type TokenSource } from './token-source.ts';

/** The secret that is copied, as it is now; a change for the worse is reported, and every copy stays (B52). */
export class SourceState {
  readonly #secret: TokenSecret;
  readonly #log: Log;
  readonly #metrics: Metrics;
  #source: TokenSource | undefined;
  #isKnown = false;

  constructor(secret: TokenSecret, log: Log, metrics: Metrics) {
    this.#secret = secret;
    this.#log = log;
    this.#metrics = metrics;
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
    if (wasKnown && before?.fingerprint === this.#source?.fingerprint) return false;
    const usable = this.usable();
    const source = { secret: this.#secret.name, namespace: this.#secret.sourceNamespace };
    if (usable.ok) {
      this.#log.info({ ...source, resourceVersion: usable.value.resourceVersion }, 'token source taken');
      return true;
    }
    const { code } = usable.error;
    if (code === 'TOKEN_SOURCE_INCOMPLETE') {
      countSync(this.#metrics, 'source_incomplete');
      this.#log.error({ ...source, code, missing: this.#source?.missingKeys }, 'token source lacks keys');
    } else {
      countSync(this.#metrics, before === undefined ? 'source_missing' : 'source_deleted');
      this.#log.error({ ...source, code }, 'token source is not there; copies stay');
    }
    return false;
  }
}
