import type { Clock } from '@bwki/timing';

/** One state of a `Latest`, told from others by identity. */
export interface Entry<T> {
  readonly value: T;
}

/**
 * A value that is replaced now and then. A reader waits for another one than it has seen; what was replaced meanwhile
 * it never sees, the last it always does.
 */
export class Latest<T> {
  #entry: Entry<T> | undefined;
  readonly #waiting = new Set<() => void>();

  /** Undefined before the first value. */
  get entry(): Entry<T> | undefined {
    return this.#entry;
  }

  set(value: T): void {
    this.#entry = { value };
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** What there is, once it is not what was `seen`; undefined with the abort. Never rejects. */
  async after(seen: Entry<T> | undefined, signal: AbortSignal): Promise<Entry<T> | undefined> {
    if (!signal.aborted && this.#entry === seen) await this.#change(signal);
    return signal.aborted ? undefined : this.#entry;
  }

  async #change(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const wake = (): void => {
      resolve(undefined);
    };
    this.#waiting.add(wake);
    signal.addEventListener('abort', wake, { once: true });
    await promise;
    this.#waiting.delete(wake);
    signal.removeEventListener('abort', wake);
  }
}

export interface ChangeOrPause<T> {
  readonly of: Latest<T>;
  readonly seen: Entry<T> | undefined;
  readonly milliseconds: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Resolves once there is another value than was `seen`, when the time is over, or with the abort. Never rejects. */
export async function changeOrPause<T>({
  of,
  seen,
  milliseconds,
  clock,
  signal,
}: ChangeOrPause<T>): Promise<void> {
  const over = new AbortController();
  const end = (): void => {
    over.abort();
  };
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  await Promise.race([of.after(seen, over.signal), clock.sleep(milliseconds, over.signal)]);
  end();
  signal.removeEventListener('abort', end);
}
