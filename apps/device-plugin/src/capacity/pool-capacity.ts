import type { Capacity, CapacitySource } from './capacity.ts';
import type { AskPool, PoolAnswer } from './pool.ts';

/** Units of one GPU. */
const unitsOfGpu = 100;

export interface PoolCapacityOptions {
  readonly askPool: AskPool;
  /** Milliseconds between an answer and the next question. */
  readonly intervalMs: number;
  /** How many nodes the pool is divided among, in equal parts; what cannot be divided is left to nobody. */
  readonly nodes: number;
  /** Told of each answer. */
  readonly onAnswer: (answer: PoolAnswer) => void;
  /** Resolves after the time or with the abort; never rejects. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/**
 * The pool's GPUs times 100, asked again and again (B66). A pool that does not answer keeps its units, unreachable:
 * running pods stay, and as soon as it answers the units can be given out again.
 */
export function poolCapacity(options: PoolCapacityOptions): CapacitySource {
  const { askPool, intervalMs, nodes, onAnswer, sleep } = options;
  return async function* (signal) {
    let last: Capacity | undefined;
    for (;;) {
      const answer = await askPool(signal);
      // An answer to somebody who is ending says nothing of the pool.
      if (signal.aborted) return;
      onAnswer(answer);
      const isReachable = answer.kind === 'gpus';
      const units = isReachable ? Math.floor((answer.gpus * unitsOfGpu) / nodes) : (last?.units ?? 0);
      if (units !== last?.units || isReachable !== last.isReachable) {
        last = { units, isReachable };
        yield last;
      }
      await sleep(intervalMs, signal);
    }
  };
}
