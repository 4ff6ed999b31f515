/** Fuzzes in a thread of its own: every so many seeds, from a first one on. */
import { parentPort, workerData } from 'node:worker_threads';

import { fuzzer, type Batch } from './fuzz-batches.ts';

export interface Share {
  readonly first: number;
  readonly step: number;
  readonly end: number;
}

export interface Report extends Batch {
  /** Heap in MB, after a collection. */
  readonly heap: number;
}

const { first, step, end } = workerData as Share;
const run = fuzzer();
for (let seed = first; seed < end; seed += step) {
  const batch = await run(seed);
  globalThis.gc?.();
  const report: Report = { ...batch, heap: process.memoryUsage().heapUsed / 2 ** 20 };
  parentPort?.postMessage(report);
  if (batch.found !== undefined) break;
}
