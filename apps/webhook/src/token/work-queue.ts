import type { Clock } from '@bwki/timing';

export interface WorkQueueOptions {
  /** How many keys are worked on at once. */
  readonly parallel: number;
  readonly clock: Pick<Clock, 'sleep'>;
  /** Never rejects. */
  readonly work: (key: string) => Promise<void>;
}

/** Keys to work on, each once however often it is added before its turn; again if added while it is worked on. */
export class WorkQueue {
  readonly #waiting = new Set<string>();
  readonly #working = new Map<string, Promise<void>>();
  readonly #delayed = new Set<string>();
  readonly #stop = new AbortController();
  readonly #options: WorkQueueOptions;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
  }

  add(key: string): void {
    this.#waiting.add(key);
    this.#next();
  }

  /** Adds a key after some milliseconds; one that is delayed already stays as it is. Gives whether it was not. */
  addAfter(key: string, milliseconds: number): boolean {
    if (this.#delayed.has(key)) return false;
    this.#delayed.add(key);
    void this.#options.clock.sleep(milliseconds, this.#stop.signal).then(() => {
      this.#delayed.delete(key);
      if (!this.#stop.signal.aborted) this.add(key);
    });
    return true;
  }

  /** Drops what waits, and resolves when what is worked on is done. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#waiting.clear();
    await Promise.allSettled(this.#working.values());
  }

  #next(): void {
    for (const key of this.#waiting) {
      if (this.#stop.signal.aborted || this.#working.size >= this.#options.parallel) return;
      if (this.#working.has(key)) continue;
      this.#waiting.delete(key);
      const work = this.#options.work(key).finally(() => {
        this.#working.delete(key);
        this.#next();
      });
      this.#working.set(key, work);
    }
  }
}
