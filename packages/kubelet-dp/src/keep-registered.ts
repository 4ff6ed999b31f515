import type { Clock } from '@bwki/timing';

import type { DirectoryWatch } from './directory-watch.ts';
import { changeOrPause, type Latest } from './latest.ts';
import type { LifeCycle } from './life-cycle.ts';

export interface KeepRegisteredOptions {
  readonly lifeCycle: LifeCycle;
  readonly watch: DirectoryWatch;
  /** Set to have a look taken at once. */
  readonly wake: Latest<undefined>;
  readonly pollMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Looks whenever something may have changed, when a pause is over, and every `pollMs`; resolves with the abort. */
export async function keepRegistered(options: KeepRegisteredOptions): Promise<void> {
  const { lifeCycle, watch, wake, pollMs, clock, signal } = options;
  while (!signal.aborted) {
    // Before the look: what changes during it is looked at again.
    const seen = wake.entry;
    await watch.follow();
    await lifeCycle.look(signal);
    await changeOrPause({ of: wake, seen, milliseconds: Math.min(lifeCycle.pauseMs, pollMs), clock, signal });
  }
}
