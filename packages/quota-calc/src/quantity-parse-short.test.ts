import fc from 'fast-check';
import { expect, it } from 'vitest';
import { quantityText } from '../test/quantity-text.ts';
import type { QuantityParts } from './quantity-format.ts';
import { parseShort } from './quantity-parse-short.ts';
import { parseLong } from './quantity-parse.ts';

const printable = fc.string({
  unit: fc.constantFrom(...Array.from('0123456789+-.eEinumkKMGTPx ')),
  maxLength: 9,
});

function amountOf({ unscaled, scale, format }: QuantityParts): object {
  return { nano: BigInt(unscaled) * 10n ** BigInt(scale + 9), format };
}

it('B17: the short way reads nothing that the long way would read differently', () => {
  fc.assert(
    fc.property(fc.oneof(quantityText, printable), (text) => {
      const short = parseShort(text);
      if (short === undefined) return;
      const long = parseLong(text);
      expect(long.ok && amountOf(long.value)).toEqual(amountOf(short));
    }),
    { numRuns: 2000 },
  );
});

it('B17: the short way serves what people write, without BigInt', () => {
  for (const text of [
    '1',
    '0',
    '500m',
    '8000M',
    '1.5',
    '-2',
    '+3',
    '.5',
    '16Gi',
    '512Mi',
    '100n',
    '7Pi',
    '10E',
  ]) {
    expect(typeof parseShort(text)?.unscaled).toBe('number');
  }
});

it('B17: the short way leaves integers above 2^53-1 to the long way', () => {
  expect(parseShort('7Pi')).toMatchObject({ unscaled: 7 * 2 ** 50 });
  expect(parseShort('8Pi')).toBeUndefined();
  expect(parseShort('999999999999999')).toMatchObject({ unscaled: 999_999_999_999_999 });
  expect(parseShort('9007199254740993')).toBeUndefined();
});

it('B17: the short way knows no negative zero', () => {
  expect(Object.is(parseShort('-0')?.unscaled, 0)).toBe(true);
});
