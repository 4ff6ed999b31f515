import type { Log } from '@bwki/daemon';

import { failureText, type ApiFailure } from './api-failure.ts';

/** Writes down how a list and watch is doing: each new reason of a failure once, and the end of it. */
export class WatchReport {
  readonly #log: Log;
  readonly #what: string;
  readonly #details: object;
  #lastFailure: string | undefined;

  /**
   * @param what is watched, in the plural
   * @param details for the lines of the log
   */
  constructor(log: Log, what: string, details: object = {}) {
    this.#log = log;
    this.#what = what;
    this.#details = details;
  }

  /** Why it does not go on now; undefined while all is well. */
  get lastFailure(): string | undefined {
    return this.#lastFailure;
  }

  opened(): void {
    if (this.#lastFailure === undefined) return;
    this.#lastFailure = undefined;
    this.#log.info(this.#details, `${this.#what} are watched again`);
  }

  failed(step: 'list' | 'watch', failure: ApiFailure): void {
    const reason = failureText(failure);
    if (reason === this.#lastFailure) return;
    this.#lastFailure = reason;
    const level = failure.status === 410 ? 'info' : 'warn';
    this.#log[level]({ ...this.#details, step, reason }, `${this.#what} cannot be watched, tried again`);
  }
}
