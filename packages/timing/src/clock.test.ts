import { describe, expect, it } from 'vitest';

import { systemClock } from './clock.ts';

describe("the system's clock", () => {
  it('sleeps its time, or until the abort', async () => {
    const ending = new AbortController();
    const before = systemClock.now();
    await systemClock.sleep(30, ending.signal);
    expect(systemClock.now() - before).toBeGreaterThan(25);
    const sleeping = systemClock.sleep(3_600_000, ending.signal);
    ending.abort();
    await sleeping;
    await systemClock.sleep(3_600_000, ending.signal);
  });
});
