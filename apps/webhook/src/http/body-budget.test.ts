import { describe, expect, it } from 'vitest';

import { BodyBudget, type BodyShare } from './body-budget.ts';

const limits = { smallBody: 10, smallBodies: 30, largeBodies: 100 };

function budgetAt(time: { now: number }): {
  budget: BodyBudget;
  dropped: string[];
  open: (name: string) => BodyShare;
} {
  const dropped: string[] = [];
  const budget = new BodyBudget(limits, () => time.now);
  return { budget, dropped, open: (name) => budget.open(() => dropped.push(name)) };
}

describe('B70: one budget for all bodies', () => {
  it('B70: where it is full the slowest body is dropped, and what it held is free', () => {
    const time = { now: 0 };
    const { budget, dropped, open } = budgetAt(time);
    const [slow, fast] = [open('slow'), open('fast')];
    slow.grow(50, 45);
    time.now = 1000;
    fast.grow(50, 50);
    const honest = open('honest');
    time.now = 1001;
    expect(honest.grow(40, 40)).toBe(true);
    expect(dropped).toEqual(['slow']);
    expect(budget.held).toBe(90);
    slow.release();
    expect(budget.held).toBe(90);
  });

  it('B70: the slowest may be the one that asks', () => {
    const time = { now: 0 };
    const { budget, dropped, open } = budgetAt(time);
    const slow = open('slow');
    time.now = 10_000;
    open('fast').grow(95, 95);
    expect(slow.grow(11, 11)).toBe(false);
    expect(dropped).toEqual(['slow']);
    expect(budget.held).toBe(95);
  });

  it('B70: small bodies have a part of their own, which large ones cannot take', () => {
    const { budget, dropped, open } = budgetAt({ now: 0 });
    open('large').grow(100, 100);
    expect([open('a'), open('b'), open('c')].map((body) => body.grow(10, 10))).toEqual([true, true, true]);
    expect(dropped).toEqual([]);
    expect(budget.held).toBe(130);
  });

  it('B70: a body that grows leaves the part of the small ones', () => {
    const { budget, dropped, open } = budgetAt({ now: 0 });
    for (const name of 'abcdefgh') {
      const body = open(name);
      body.grow(10, 5);
      body.grow(12, 12);
    }
    expect(dropped).toEqual([]);
    expect(budget.held).toBe(96);
  });

  it('B70: a body that has come whole is not dropped', () => {
    const time = { now: 0 };
    const { dropped, open } = budgetAt(time);
    const whole = open('whole');
    whole.grow(60, 60);
    whole.complete();
    time.now = 60_000;
    expect(open('next').grow(60, 60)).toBe(false);
    expect(dropped).toEqual(['next']);
    whole.release();
    expect(open('last').grow(60, 60)).toBe(true);
  });
});
