import { Worker } from 'node:worker_threads';

/** What an honest client met while an attack went on. */
export interface Waits {
  readonly longestMs: number;
  readonly answered: number;
  /** Answers other than 200, and requests without one. */
  readonly failures: readonly string[];
}

/** Sends a review of 5 KB every 50 ms, from a thread of its own, on connections that it keeps or makes new in turns. */
export class HonestClient implements AsyncDisposable {
  readonly #worker: Worker;

  constructor(port: number) {
    this.#worker = new Worker(new URL('honest-worker.ts', import.meta.url), { workerData: port });
  }

  /** The waits since the last call. */
  async waits(): Promise<Waits> {
    const { promise, resolve } = Promise.withResolvers<Waits>();
    this.#worker.once('message', resolve);
    this.#worker.postMessage('waits');
    return promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }
}
