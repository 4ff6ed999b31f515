import { describe, expect, it } from 'vitest';

import { BoundedLabel } from './bounded-label.ts';

describe('B70: the values of a label', () => {
  it('B70: the first ones stay, all later ones are counted together', () => {
    const label = new BoundedLabel(2);
    expect(['a', 'b', 'a', 'c', 'b', 'd'].map((value) => label.of(value))).toEqual([
      'a',
      'b',
      'a',
      'other',
      'b',
      'other',
    ]);
  });
});
