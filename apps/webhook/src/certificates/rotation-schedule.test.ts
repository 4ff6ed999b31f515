import { describe, expect, it } from 'vitest';

import {
  defaultLookMs,
  defaultSettleMs,
  lookMsBefore,
  settleMsBefore,
  silenceMs,
} from './rotation-schedule.ts';

const second = 1000;
const minute = 60 * second;
const day = 24 * 60 * minute;
const now = new Date('2031-01-01T00:00:00Z');
const after = (milliseconds: number): Date => new Date(now.getTime() + milliseconds);

describe('B54: the schedule of a rotation', () => {
  it.each([
    [90 * day, 5 * minute, 5 * second, 15 * day],
    [30 * minute, 5 * minute, 5 * second, 5 * minute],
    [minute, 10 * second, 2 * second, minute],
    [30 * second, 5 * second, second, minute],
  ])('follows from a life of %i ms', (lifeMs, settleMs, lookMs, silence) => {
    expect([defaultSettleMs(lifeMs), defaultLookMs(lifeMs), silenceMs(lifeMs)]).toEqual([
      settleMs,
      lookMs,
      silence,
    ]);
  });

  it.each([
    [90 * day, 5 * second],
    [30 * second, second],
    [3 * second, 250],
    [-second, 250],
  ])('has more looks while a certificate ends in %i ms, whatever its own life is', (leftMs, lookMs) => {
    expect(lookMsBefore(after(leftMs), now, 5 * second)).toBe(lookMs);
  });

  it.each([
    [90 * day, 5 * minute],
    [9 * second, 4.5 * second],
  ])('leaves the replicas half of the time where a certificate ends in %i ms', (leftMs, settleMs) => {
    expect(settleMsBefore(after(leftMs), now, 5 * minute)).toBe(settleMs);
  });
});
