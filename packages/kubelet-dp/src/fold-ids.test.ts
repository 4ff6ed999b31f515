import { describe, expect, it } from 'vitest';

import { foldIds } from './fold-ids.ts';

const numbered = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `gpu-${i}`);

describe('foldIds', () => {
  it.each([
    { ids: [], text: '' },
    { ids: ['gpu-3'], text: 'gpu-3' },
    { ids: numbered(11), text: 'gpu-0..gpu-10' },
    { ids: numbered(11).toReversed(), text: 'gpu-0..gpu-10' },
    { ids: ['gpu-1', 'gpu-2', 'gpu-4', 'other'], text: 'gpu-1..gpu-2, gpu-4, other' },
    { ids: ['u08', 'u09', 'u10', 'u11'], text: 'u08..u11' },
    { ids: ['u9', 'u10', 'u09'], text: 'u9, u09..u10' },
    { ids: ['7', '8', '9', '10'], text: '7..10' },
    { ids: ['a', 'b', 'c'], text: 'a, b, c' },
    { ids: ['x9999999999999999', 'x10000000000000000'], text: 'x10000000000000000, x9999999999999999' },
  ])('makes "$text" of $ids', ({ ids, text }) => {
    expect(foldIds(ids)).toBe(text);
  });

  it('counts what would be too long', () => {
    expect(foldIds(['a1', 'b1', 'c1', 'c2', 'c3', 'd1'], 14)).toBe('a1, b1 and 4 more');
  });

  it('cuts one id that is too long by itself', () => {
    expect(foldIds(['x'.repeat(30), 'y'], 10)).toBe(`${'x'.repeat(10)}... and 1 more`);
  });
});
