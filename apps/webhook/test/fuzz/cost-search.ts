/**
 * Searches for reviews that cost too much: `cost-search.ts [--seed N] [--count N]`, by `make fuzz`. Random parts are
 * repeated in every place of a pod, up to the size of a body; the dearest are printed, and one that takes more than the
 * limit, or is answered by anything but a review, ends the search.
 */
import { parseArgs } from 'node:util';

import fc from 'fast-check';

import { bodyOf, dearReview, type DearReview } from './dear-review.ts';
import { inProcessWebhook } from './in-process-webhook.ts';

/** CPU in ms that no review may take (B70). */
const maxMilliseconds = 400;
const shown = 5;

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, count: { type: 'string', default: '500' } },
});
const [seed, count] = [values.seed, values.count].map(Number);
if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(count)) {
  console.error('--seed and --count are whole numbers');
  process.exit(2);
}

const answer = inProcessWebhook();
const tried: { readonly milliseconds: number; readonly said: string }[] = [];

/** The least of a few runs: the engine may have compiled or collected in one of them. */
async function judge(review: DearReview): Promise<void> {
  const body = bodyOf(review);
  for (const webhook of ['mutate', 'validate'] as const) {
    const request = { webhook, body, chunkSize: 65_536 };
    let milliseconds = Infinity;
    for (let run = 0; run < 4 && milliseconds > maxMilliseconds / 2; run += 1) {
      const outcome = await answer(request);
      // A body with more values than any pod has is refused unread, so that only a bug or silence is a fault here.
      const status = outcome.answer?.status ?? 0;
      if (status !== 200 && status !== 400) throw new Error(`status ${status}`);
      milliseconds = Math.min(milliseconds, outcome.milliseconds);
    }
    const said = `${milliseconds.toFixed(0)} ms for ${body.length} bytes to /${webhook}: ${JSON.stringify(review.part)} in ${review.place}`;
    tried.push({ milliseconds, said });
    if (milliseconds > maxMilliseconds) throw new Error(said);
  }
}

const details = await fc.check(fc.asyncProperty(dearReview, judge), {
  seed: seed ?? 1,
  numRuns: count ?? 1,
  endOnFailure: true,
});
tried.sort((one, other) => other.milliseconds - one.milliseconds);
console.log(`the dearest of ${tried.length} reviews:`);
for (const { said } of tried.slice(0, shown)) console.log(`  ${said}`);
if (details.failed) {
  const { errorInstance, counterexample } = details;
  console.error(
    `seed ${seed}: ${errorInstance instanceof Error ? errorInstance.message : String(errorInstance)}`,
  );
  console.error(JSON.stringify(counterexample?.[0]));
  process.exit(1);
}
