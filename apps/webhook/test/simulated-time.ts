import { setImmediate as realTurn } from 'node:timers/promises';

import type { Clock } from '@bwki/timing';

interface Sleeper {
  readonly wakesAt: number;
  readonly wake: () => void;
}

/** Time that stands still while somebody works, and then jumps to where the next one wakes up. Nothing waits for real. */
export class SimulatedTime implements Pick<Clock, 'sleep'> {
  #now: number;
  readonly #sleepers = new Set<Sleeper>();

  constructor(start: Date) {
    this.#now = start.getTime();
  }

  get now(): number {
    return this.#now;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper = { wakesAt: this.#now + Math.max(0, milliseconds), wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', wake);
      if (signal?.aborted === true) wake();
    });
  }

  /**
   * Lets one worker go on, once all have come to a sleep.
   *
   * @param workers how many there are at the moment, each of which sleeps once at a time
   */
  async step(workers: () => number): Promise<void> {
    while (this.#sleepers.size < Math.max(1, workers())) await realTurn();
    const next = [...this.#sleepers].reduce((one, other) => (other.wakesAt < one.wakesAt ? other : one));
    this.#now = next.wakesAt;
    next.wake();
  }
}

/** Numbers from 0 up to 1 that look like chance, and are the same each time (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
