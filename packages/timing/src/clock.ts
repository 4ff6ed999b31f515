import { setTimeout as delay } from 'node:timers/promises';

/** Time, which a change of the machine's date does not touch, and chance: for tests to put their own in place. */
export interface Clock {
  /** Milliseconds that never go back. */
  now(): number;
  /** Resolves after the time or with the abort, whichever is first; never rejects. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** 0 up to, without, 1. */
  random(): number;
}

export const systemClock: Clock = Object.freeze<Clock>({
  now: () => performance.now(),
  sleep: (milliseconds, signal) => delay(milliseconds, undefined, { signal }).catch(() => undefined),
  random: () => Math.random(),
});
