import { getEventListeners } from 'node:events';

import { describe, expect, it } from 'vitest';

import { untilAborted } from './until-aborted.ts';

const never = new Promise<number>(() => undefined);

describe('untilAborted', () => {
  it('gives the value, or undefined with the abort', async () => {
    const ending = new AbortController();
    expect(await untilAborted(Promise.resolve(1), ending.signal)).toBe(1);
    const waiting = untilAborted(never, ending.signal);
    ending.abort();
    expect(await waiting).toBeUndefined();
    expect(await untilAborted(Promise.resolve(1), ending.signal)).toBeUndefined();
  });

  it('passes a rejection on, and leaves no listener', async () => {
    const { signal } = new AbortController();
    await expect(untilAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
    await untilAborted(Promise.resolve(1), signal);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
