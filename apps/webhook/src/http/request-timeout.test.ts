import { describe, expect, it } from 'vitest';

import { requestTimeoutMs } from './request-timeout.ts';

describe('the time that an API server gives', () => {
  it.each([
    ['timeout=10s', 9000],
    ['timeout=1m', 27_000],
    ['timeout=1.5s', 1350],
    ['timeout=500ms', 450],
    ['timeout=0m2s', 1800],
    ['a=b&timeout=2s', 1800],
    ['timeout=1h', 27_000],
    ['', 9000],
    ['timeout=', 9000],
    ['timeout=0s', 9000],
    ['timeout=-5s', 9000],
    ['timeout=5', 9000],
    ['timeout=99999999999999999999s', 9000],
    ['timeout=1s%00', 9000],
  ])('of %j nine tenths are ours: %i ms', (query, ms) => {
    expect(requestTimeoutMs(query)).toBeCloseTo(ms, 6);
  });
});
