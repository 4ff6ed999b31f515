import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutEnd, cutMiddle, cutStart } from './cut.ts';

describe.each([
  ['cutMiddle', cutMiddle],
  ['cutEnd', cutEnd],
  ['cutStart', cutStart],
])('%s', (_name, cut) => {
  it('leaves what fits, shortens what does not, and parts no surrogate pair', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '🚀', 'é'), maxLength: 60 });
    fc.assert(
      fc.property(text, fc.integer({ min: 5, max: 40 }), (whole, max) => {
        const result = cut(whole, max);
        if (whole.length <= max) expect(result).toBe(whole);
        else expect(result).toContain('...');
        expect(result.length).toBeLessThanOrEqual(max);
        expect(result.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('cutMiddle', () => {
  it('keeps both ends', () => {
    expect(cutMiddle('abcdefghijklmnopqrstuvwxyz', 11)).toBe('abcd...wxyz');
  });
});

describe('cutEnd', () => {
  it('keeps the beginning', () => {
    expect(cutEnd('abcdefghijklmnopqrstuvwxyz', 11)).toBe('abcdefgh...');
  });
});

describe('cutStart', () => {
  it('keeps the end', () => {
    expect(cutStart('abcdefghijklmnopqrstuvwxyz', 11)).toBe('...stuvwxyz');
  });
});
