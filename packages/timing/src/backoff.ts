import type { Clock } from './clock.ts';

export interface BackoffLimits {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** Waits that double, each shortened by up to a half at random, so that those who failed together do not come together. */
export class Backoff {
  readonly #limits: BackoffLimits;
  readonly #clock: Clock;
  #failures = 0;

  constructor(limits: BackoffLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** How long the next wait is, in milliseconds, which counts one failure more. */
  next(): number {
    const { firstMs, maxMs } = this.#limits;
    const full = Math.min(maxMs, firstMs * 2 ** Math.min(this.#failures, 30));
    this.#failures += 1;
    return Math.round(full * (1 - this.#clock.random() / 2));
  }

  /** @param atLeastMs what the other side asked for */
  wait(signal: AbortSignal, atLeastMs = 0): Promise<void> {
    return this.#clock.sleep(Math.max(this.next(), atLeastMs), signal);
  }

  reset(): void {
    this.#failures = 0;
  }
}
