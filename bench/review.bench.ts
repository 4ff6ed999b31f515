/**
 * From the bytes of an AdmissionReview to the bytes of its answer, against parsing and printing the same bytes, which
 * is the least that any webhook can do. Run it by `npm run review -w @bwki/bench`.
 */
import { cpus } from 'node:os';

import { mutatePod, validatePod } from '@bwki/pod-mutator';
import { parsePod, type PodLike } from '@bwki/spec-parser';

import { notebookPod, notebookReview } from './notebook-review.ts';
import { benchPolicy } from './policy.ts';
import { rateOf } from './rate.ts';

interface Review {
  readonly apiVersion: string;
  readonly kind: string;
  readonly request: { readonly uid: string; readonly object: PodLike };
}

const policy = benchPolicy();
const bytes = Buffer.from(notebookReview());

function readReview(): Review {
  return JSON.parse(bytes.toString()) as Review;
}

function answer(review: Review): Buffer {
  const result = mutatePod(review.request.object, policy);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return respond(review, result.value.patchText());
}

function respond({ apiVersion, kind, request }: Review, patch: string): Buffer {
  const encoded = Buffer.from(patch).toString('base64');
  const response = { uid: request.uid, allowed: true, patchType: 'JSONPatch', patch: encoded };
  return Buffer.from(JSON.stringify({ apiVersion, kind, response }));
}

function mutateToPatch(): string {
  const result = mutatePod(pod, policy);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return Buffer.from(result.value.patchText()).toString('base64');
}

const review = readReview();
const pod = review.request.object;
const mutated = mutatePod(pod, policy);
if (!mutated.ok) throw new Error(JSON.stringify(mutated.error));
const { patch } = mutated.value;
const patchText = mutated.value.patchText();
const mutatedPod = mutated.value.mutatedPod();
const plain: PodLike = {
  ...pod,
  metadata: { name: 'train-0' },
  spec: { containers: [{ name: 'train', image: 'x' }] },
};
const options = { catalog: policy.catalog, totalMemory: policy.totalGpuMemory };

const stages: readonly (readonly [string, () => unknown])[] = [
  ['parse and print the review', () => Buffer.from(JSON.stringify(JSON.parse(bytes.toString())))],
  ['review bytes to response bytes', () => answer(readReview())],
  ['  parse the review', readReview],
  ['  parsePod', () => parsePod(pod, options)],
  ['  mutatePod, parsePod included', () => mutatePod(pod, policy)],
  ['  mutatePod to the patch in base64', mutateToPatch],
  ['  print the response', () => respond(review, patchText)],
  ['validatePod of the injected pod', () => validatePod(mutatedPod, policy)],
  ['a pod that asks for nothing', () => mutatePod(plain, policy)],
];

console.log(`${cpus()[0]?.model.trim() ?? 'unknown CPU'}, Node ${process.version}, one core`);
console.log(
  `pod ${JSON.stringify(notebookPod()).length} bytes, review ${bytes.length}, patch ${JSON.stringify(patch).length} in ${patch.length} operations, response ${answer(review).length}`,
);
// Turn by turn, so that other work of the machine and the engine's own meet all stages alike; the median counts.
const turns = 15;
const rates = stages.map((): number[] => []);
for (let turn = 0; turn <= turns; turn++) {
  for (const [index, [, call]] of stages.entries()) {
    const rate = rateOf(call, 100, { rounds: 1, milliseconds: 40 });
    // All are met once before any is measured, so that none has the engine to itself.
    if (turn > 0) rates[index]?.push(rate);
  }
}
const medians = rates.map((values) => values.toSorted((a, b) => a - b)[Math.floor(turns / 2)] ?? 0);
const [baseline = 0] = medians;
for (const [index, [name]] of stages.entries()) {
  const rate = medians[index] ?? 0;
  const micros = (1e6 / rate).toFixed(1).padStart(8);
  console.log(`${name.padEnd(36)} ${micros} µs   ${(baseline / rate).toFixed(2)} x the baseline`);
}
