import { describe, expect, it } from 'vitest';

import { Backoff } from './backoff.ts';
import { systemClock } from './clock.ts';

/** @param chance what `random` gives each time */
function waits(count: number, chance: number): readonly number[] {
  const backoff = new Backoff({ firstMs: 250, maxMs: 30_000 }, { ...systemClock, random: () => chance });
  return Array.from({ length: count }, () => backoff.next());
}

describe('B62: waits after failures', () => {
  it('B62: double up to a largest one', () => {
    expect(waits(9, 0)).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    expect(waits(2000, 0).at(-1)).toBe(30_000);
  });

  it('B62: are shortened by up to a half, so that those who failed together do not come together', () => {
    expect(waits(3, 0.5)).toEqual([188, 375, 750]);
    expect(waits(8, 0.999_999).at(-1)).toBe(15_000);
  });

  it('B62: begin anew after a success', () => {
    const backoff = new Backoff({ firstMs: 250, maxMs: 30_000 }, { ...systemClock, random: () => 0 });
    expect([backoff.next(), backoff.next()]).toEqual([250, 500]);
    backoff.reset();
    expect(backoff.next()).toBe(250);
  });

  it('last at least as long as the other side asks for', async () => {
    const slept: number[] = [];
    const clock = {
      ...systemClock,
      random: () => 0,
      sleep: (ms: number) => Promise.resolve(void slept.push(ms)),
    };
    const backoff = new Backoff({ firstMs: 250, maxMs: 30_000 }, clock);
    const { signal } = new AbortController();
    await backoff.wait(signal, 1000);
    await backoff.wait(signal, 100);
    expect(slept).toEqual([1000, 500]);
  });
});
