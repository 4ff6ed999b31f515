import type { Clock } from '@bwki/timing';

export interface TokenBucketLimits {
  /** How many calls may come at once after a pause. */
  readonly burst: number;
  readonly perSecond: number;
}

/** Limits how often something is done. */
export class TokenBucket {
  readonly #limits: TokenBucketLimits;
  readonly #clock: Pick<Clock, 'now'>;
  #available: number;
  #filledAt: number;

  constructor(limits: TokenBucketLimits, clock: Pick<Clock, 'now'>) {
    this.#limits = limits;
    this.#clock = clock;
    this.#available = limits.burst;
    this.#filledAt = clock.now();
  }

  /** Whether it may be done now, which counts as done. */
  take(): boolean {
    const { burst, perSecond } = this.#limits;
    const now = this.#clock.now();
    this.#available = Math.min(burst, this.#available + ((now - this.#filledAt) / 1000) * perSecond);
    this.#filledAt = now;
    if (this.#available < 1) return false;
    this.#available -= 1;
    return true;
  }
}
