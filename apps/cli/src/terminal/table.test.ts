import { expect, it } from 'vitest';

import { displayWidth } from './display-width.ts';
import { table } from './table.ts';

it.each([
  ['', 0],
  ['abc', 3],
  ['\u001B[31mred\u001B[39m', 3],
  ['漢字', 4],
  ['é', 1],
  ['e\u0301', 1],
  ['👍🏽', 2],
  ['👩‍👩‍👧', 2],
  ['⚠\uFE0F', 2],
  ['ｆ', 2],
  ['…', 1],
])('the width of %j is %d', (text, width) => {
  expect(displayWidth(text)).toBe(width);
});

it('columns are aligned by display width, without blanks at the end', () => {
  const rows = [['a', '漢', 'x'], ['\u001B[31mlong\u001B[39m', 'b', ''], ['c']];
  expect(table(rows, '  ')).toBe('  a     漢  x\n  \u001B[31mlong\u001B[39m  b\n  c\n');
});

it('the last cell may have several lines, which stay as they are', () => {
  expect(
    table([
      ['a', "x '\n  y'"],
      ['bc', 'z'],
    ]),
  ).toBe("a   x '\n  y'\nbc  z\n");
});
