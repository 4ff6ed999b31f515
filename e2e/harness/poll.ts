import { setTimeout as delay } from 'node:timers/promises';

export interface PollOptions {
  /** Milliseconds until it is given up. */
  readonly within: number;
  /** Milliseconds between two attempts; 50 unless given. */
  readonly every?: number;
  /** For the error: `the pods of deployment x`. */
  readonly what: string;
  /** Ends the wait early with its reason, such as when the process that should get ready has died. */
  readonly signal?: AbortSignal;
}

/**
 * Calls `attempt` until it gives a value. Its exceptions count as "not yet"; the last one is the cause of the error
 * that ends a wait in vain.
 */
export async function poll<T>(attempt: () => Promise<T | undefined>, options: PollOptions): Promise<T> {
  const deadline = Date.now() + options.within;
  for (let last: unknown; ;) {
    options.signal?.throwIfAborted();
    try {
      const value = await attempt();
      if (value !== undefined) return value;
    } catch (error) {
      last = error;
    }
    if (Date.now() >= deadline) {
      const seconds = (options.within / 1000).toFixed(1);
      const reason = last instanceof Error ? `: ${last.message}` : '';
      throw new Error(`waited ${seconds} s in vain for ${options.what}${reason}`, { cause: last });
    }
    await delay(options.every ?? 50);
  }
}
