const firstWaitMs = 500;
const longestWaitMs = 60_000;
/** After so long without a repair, the next one is made at once again. */
const quietMs = 300_000;

/**
 * When a bundle that somebody else has changed is written again: the first time at once, then after waits that double,
 * so that two writers who do not agree cost the API server one write a minute.
 */
export class RepairPace {
  readonly #now: () => Date;
  #repairs = 0;
  #last = -Infinity;

  constructor(now: () => Date) {
    this.#now = now;
  }

  mayRepair(): boolean {
    const since = this.#now().getTime() - this.#last;
    if (since >= quietMs) this.#repairs = 0;
    return this.#repairs === 0 || since >= Math.min(longestWaitMs, firstWaitMs * 2 ** (this.#repairs - 1));
  }

  repaired(): void {
    this.#repairs = Math.min(this.#repairs + 1, 30);
    this.#last = this.#now().getTime();
  }
}
