import { describe, expect, it } from 'vitest';

import type { Capacity } from '../../src/capacity/capacity.ts';
import type { PoolAnswer } from '../../src/capacity/pool.ts';
import { poolCapacity } from '../../src/capacity/pool-capacity.ts';

const lost: PoolAnswer = { kind: 'unreachable', reason: 'no answer' };
const gpus = (count: number): PoolAnswer => ({ kind: 'gpus', gpus: count });

/** What is yielded while the pool gives these answers, one each interval; it ends with the last of them. */
async function followed(answers: readonly PoolAnswer[], nodes = 1): Promise<[Capacity[], number]> {
  const ending = new AbortController();
  const rest = [...answers];
  let told = 0;
  const slept: number[] = [];
  const follow = poolCapacity({
    askPool: () => {
      const answer = rest.shift();
      if (answer === undefined) ending.abort();
      return Promise.resolve(answer ?? lost);
    },
    intervalMs: 10_000,
    nodes,
    onAnswer: () => told++,
    sleep: (milliseconds) => {
      slept.push(milliseconds);
      return Promise.resolve();
    },
  });
  const seen: Capacity[] = [];
  for await (const capacity of follow(ending.signal)) seen.push(capacity);
  expect(slept).toEqual(answers.map(() => 10_000));
  return [seen, told];
}

const reachable = (units: number): Capacity => ({ units, isReachable: true });
const unreachable = (units: number): Capacity => ({ units, isReachable: false });

describe('the capacity of a pool', () => {
  it('B66: a GPU is 100 units, and only a change is told', async () => {
    expect(await followed([gpus(4), gpus(4), gpus(5), gpus(2)])).toEqual([
      [reachable(400), reachable(500), reachable(200)],
      4,
    ]);
  });

  it('B66: a pool that does not answer keeps its units, unreachable, until it answers', async () => {
    const [seen] = await followed([gpus(4), lost, lost, gpus(4)]);
    expect(seen).toEqual([reachable(400), unreachable(400), reachable(400)]);
  });

  it('B66: before the first answer there is nothing to offer', async () => {
    expect((await followed([lost, lost, gpus(1)]))[0]).toEqual([unreachable(0), reachable(100)]);
  });

  it('B66: an empty pool is an answer', async () => {
    expect((await followed([gpus(0), lost, gpus(0)]))[0]).toEqual([
      reachable(0),
      unreachable(0),
      reachable(0),
    ]);
  });

  it('B66: a share is a whole number of units; all shares together are never more than the pool', async () => {
    expect((await followed([gpus(4)], 3))[0]).toEqual([reachable(133)]);
    expect((await followed([gpus(1)], 101))[0]).toEqual([reachable(0)]);
  });
});
