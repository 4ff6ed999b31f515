import fc from 'fast-check';

import { faultIn } from './answer-law.ts';
import { fuzzCase, type FuzzCase } from './body-arbitrary.ts';
import { inProcessWebhook, type Outcome } from './in-process-webhook.ts';

/** Requests of one seed. */
export const batchSize = 1000;

/** How long a request of up to 1 MiB may take. */
export const maxMilliseconds = 100;
const maxTimedBytes = 1024 * 1024;

export interface Batch {
  /** How often each outcome of the log came about. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Milliseconds of the slowest request of up to 1 MiB. */
  readonly slowest: number;
  readonly found?: Find;
}

/** A request that broke the law, made as small as it gets. */
export interface Find {
  readonly seed: number;
  readonly fault: string;
  readonly request: FuzzCase | undefined;
}

/** Judges a thousand requests for each seed. */
export function fuzzer(): (seed: number, count?: number) => Promise<Batch> {
  const answer = inProcessWebhook();
  return async (seed, count = batchSize) => {
    const outcomes: Record<string, number> = {};
    let slowest = 0;
    const judge = async (request: FuzzCase): Promise<void> => {
      const outcome = await answer(request);
      const kind = kindOf(outcome);
      outcomes[kind] = (outcomes[kind] ?? 0) + 1;
      const fault = faultIn(request, outcome);
      if (fault !== undefined) throw new Error(fault);
      if (request.body.length > maxTimedBytes) return;
      slowest = Math.max(slowest, await quickest(answer, request, outcome.milliseconds));
    };
    const details = await fc.check(fc.asyncProperty(fuzzCase, judge), {
      seed,
      numRuns: count,
      interruptAfterTimeLimit: 60_000,
    });
    if (!details.failed) return { outcomes, slowest };
    const { errorInstance: error, counterexample } = details;
    const fault = error instanceof Error ? error.message : String(error);
    return { outcomes, slowest, found: { seed, fault, request: counterexample?.[0] } };
  };
}

function kindOf({ lines }: Outcome): string {
  return /"outcome":"(\w+)"/.exec(lines[0] ?? '')?.[1] ?? 'none';
}

/** What was slow is timed again: the engine may have compiled or collected meanwhile. */
export async function quickest(
  answer: ReturnType<typeof inProcessWebhook>,
  request: FuzzCase,
  first: number,
): Promise<number> {
  let best = first;
  for (let again = 0; again < 5 && best > maxMilliseconds; again += 1) {
    best = Math.min(best, (await answer(request)).milliseconds);
  }
  if (best <= maxMilliseconds) return best;
  throw new Error(`${request.body.length} bytes took ${best.toFixed(0)} ms, five times over`);
}
