export interface WorkQueueOptions {
  /** How many keys are worked on at once. */
  readonly parallel: number;
  /** Never rejects. */
  readonly work: (key: string) => Promise<void>;
}

/** Keys that are to be worked on, each once however often it is added before its turn; again if added during it. */
export class WorkQueue {
  readonly #waiting = new Set<string>();
  readonly #working = new Map<string, Promise<void>>();
  readonly #options: WorkQueueOptions;
  #isClosed = false;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
  }

  add(key: string): void {
    this.#waiting.add(key);
    this.#next();
  }

  /** Drops what waits, and resolves when what is worked on is done. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#waiting.clear();
    await Promise.allSettled(this.#working.values());
  }

  #next(): void {
    for (const key of this.#waiting) {
      if (this.#isClosed || this.#working.size >= this.#options.parallel) return;
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
