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
