import { describe, expect, it } from 'vitest';

import { RepairPace } from './repair-pace.ts';

describe('B75: the pace of repairs', () => {
  it('is at once, then ever slower, at last one a minute', () => {
    let now = 0;
    const pace = new RepairPace(() => new Date(now));
    const repairs: number[] = [];
    for (; now < 300_000; now += 100) {
      if (!pace.mayRepair()) continue;
      pace.repaired();
      repairs.push(now / 1000);
    }
    expect(repairs).toEqual([0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5, 63.5, 123.5, 183.5, 243.5]);
  });

  it('is at once again after five minutes without one', () => {
    let now = 0;
    const pace = new RepairPace(() => new Date(now));
    for (let repair = 0; repair < 40; repair += 1) pace.repaired();
    now = 59_999;
    expect(pace.mayRepair()).toBe(false);
    now = 300_000;
    expect(pace.mayRepair()).toBe(true);
    pace.repaired();
    now += 500;
    expect(pace.mayRepair()).toBe(true);
  });
});
