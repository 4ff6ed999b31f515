import { describe, expect, it } from 'vitest';

import { SimulatedReplicas, type SimulatedReplica } from '../../test/simulated-replicas.ts';
import { defaultLifeMs, leastLifeMs } from './rotation-schedule.ts';

const second = 1000;
/** What the shortest life has room for. */
const adversity = { callMs: 250, lagMs: 3500, clockMs: second };

async function twoReplicas(seed: number, lifeMs: number) {
  const simulated = new SimulatedReplicas(seed, adversity);
  const replicas = [await simulated.add(lifeMs), await simulated.add(lifeMs)];
  await simulated.passes(10 * second);
  // Until then API servers had not heard of the first CA.
  simulated.failures.clear();
  return { simulated, replicas };
}

/** As a Deployment does it: each goes once there is another one. */
async function update(
  simulated: SimulatedReplicas,
  replicas: readonly SimulatedReplica[],
  lifeMs: number,
  readyMs = 4 * second,
): Promise<readonly SimulatedReplica[]> {
  const updated: SimulatedReplica[] = [];
  for (const replica of replicas) {
    updated.push(await simulated.add(lifeMs));
    await simulated.passes(readyMs);
    await replica.end();
  }
  return updated;
}

describe('B54: the shortest life of certificates', () => {
  it.each([1, 2])('has room for slow calls, late API servers and wrong clocks: %i', async (seed) => {
    const { simulated } = await twoReplicas(seed, leastLifeMs);
    await simulated.passes(180 * second);
    expect([...simulated.failures]).toEqual([]);
    expect(simulated.served.size).toBeGreaterThan(8);
  });

  it.each([4, 5])('is set and taken back by updates in which no call fails: %i', async (seed) => {
    const { simulated, replicas } = await twoReplicas(seed, defaultLifeMs);
    const short = await update(simulated, replicas, leastLifeMs);
    await simulated.passes(60 * second);
    expect(simulated.served.size).toBeGreaterThan(3);
    await update(simulated, short, defaultLifeMs, 0);
    await simulated.passes(60 * second);
    simulated.served.clear();
    await simulated.passes(600 * second);
    expect([...simulated.failures]).toEqual([]);
    expect(simulated.served.size).toBe(1);
  });

  it.each([7])('is no danger where replicas of two lives stay side by side: %i', async (seed) => {
    const { simulated } = await twoReplicas(seed, defaultLifeMs);
    await simulated.add(leastLifeMs);
    await simulated.passes(180 * second);
    expect([...simulated.failures]).toEqual([]);
  });

  it.each([9, 10])('goes on where a replica of a long life was killed: %i', async (seed) => {
    const { simulated, replicas } = await twoReplicas(seed, defaultLifeMs);
    const [first, other] = replicas;
    await simulated.add(leastLifeMs);
    first?.kill();
    await simulated.add(leastLifeMs);
    await other?.end();
    await simulated.passes(180 * second);
    expect([...simulated.failures]).toEqual([]);
    expect(simulated.served.size).toBeGreaterThan(5);
  });
});
