import type { Clock } from '../../src/index.ts';

/** Time that stands still until a test lets it go on. Chance is always 0, so that no wait is shortened. */
export class ManualClock implements Clock {
  #now = 0;
  readonly #sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();

  now(): number {
    return this.#now;
  }

  async sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const sleeper = {
      until: this.#now + milliseconds,
      wake: () => {
        resolve(undefined);
      },
    };
    this.#sleepers.add(sleeper);
    signal.addEventListener('abort', sleeper.wake, { once: true });
    await promise;
    signal.removeEventListener('abort', sleeper.wake);
    this.#sleepers.delete(sleeper);
  }

  random(): number {
    return 0;
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
    for (const { until, wake } of this.#sleepers) if (until <= this.#now) wake();
  }
}
