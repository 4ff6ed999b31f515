/**
 * Fuzzes the webhook: `main.ts [--seed N] [--count N] [--threads N]`, by `make fuzz`. A run is repeated by its seed.
 * What is found is made as small as it gets and written to `fixtures/`, where the tests look at it ever after.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';

import { batchSize, type Find } from './fuzz-batches.ts';
import type { Report, Share } from './worker.ts';

/** How much more than after a tenth of the run the heap may hold at its end, in MB. */
const maxGrowth = 4;
const fixtures = join(import.meta.dirname, '../../fixtures');

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '1000000' },
    threads: { type: 'string', default: String(availableParallelism()) },
  },
});
const [seed, count, threads] = [values.seed, values.count, values.threads].map(Number);
if (!isPositive(count) || !isPositive(threads) || !Number.isSafeInteger(seed)) {
  console.error('--seed, --count and --threads are whole numbers, the last two above 0');
  process.exit(2);
}

const start = performance.now();
const batches = Math.ceil(count / batchSize);
const outcomes = new Map<string, number>();
/** Of each thread after each of its batches. */
const heaps: number[][] = [];
let done = 0;
let slowest = 0;

function take(report: Report, heap: number[]): void {
  done += 1;
  slowest = Math.max(slowest, report.slowest);
  heap.push(report.heap);
  for (const [kind, times] of Object.entries(report.outcomes)) {
    outcomes.set(kind, (outcomes.get(kind) ?? 0) + times);
  }
  if (report.found !== undefined) fail(report.found);
  if (done % Math.ceil(batches / 20) === 0 || done === batches) {
    const rate = (done * batchSize * 1000) / (performance.now() - start);
    console.log(
      `${done * batchSize} requests, ${rate.toFixed(0)} a second, slowest ${slowest.toFixed(1)} ms, heap ${report.heap.toFixed(1)} MB`,
    );
  }
}

function fail({ seed: at, fault, request }: Find): never {
  console.error(`seed ${at}: ${fault}`);
  if (request !== undefined) {
    const file = join(fixtures, `found-${at}-${request.webhook}.json`);
    mkdirSync(fixtures, { recursive: true });
    writeFileSync(file, request.body);
    console.error(`the smallest body with a fault is now ${file}`);
  }
  process.exit(1);
}

function runThread(share: Share): Promise<void> {
  const heap: number[] = [];
  heaps.push(heap);
  return new Promise((resolve, reject) => {
    new Worker(new URL('worker.ts', import.meta.url), { workerData: share })
      .on('message', (report: Report) => {
        take(report, heap);
      })
      .once('error', reject)
      .once('exit', () => {
        resolve();
      });
  });
}

function isPositive(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value > 0;
}

const first = seed ?? 1;
await Promise.all(
  Array.from({ length: threads }, (_, index) =>
    runThread({ first: first + index, step: threads, end: first + batches }),
  ),
);
console.log(
  Array.from(outcomes, ([kind, times]) => `${kind} ${times}`)
    .sort()
    .join(', '),
);
const growth = Math.max(
  ...heaps.map((heap) => (heap.at(-1) ?? 0) - (heap[Math.floor(heap.length / 10)] ?? 0)),
);
console.log(`heap after the whole run against after a tenth of it: ${growth.toFixed(1)} MB more`);
if (growth > maxGrowth) {
  console.error(`that is more than ${maxGrowth} MB: something is kept`);
  process.exit(1);
}
