import fc from 'fast-check';
import { Quantity } from '../src/index.ts';

const suffixes = ['', 'n', 'u', 'm', 'k', 'M', 'G', 'T', 'P', 'E', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

function digits(maxLength: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.integer({ min: 0, max: 9 }).map(String), maxLength });
}

const suffix: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...suffixes),
  fc
    .tuple(fc.constantFrom('e', 'E'), fc.constantFrom('', '+'), fc.integer({ min: -40, max: 30 }))
    .map(([letter, plus, exponent]) => `${letter}${exponent < 0 ? '' : plus}${exponent}`),
);

/** Texts that follow the grammar, of every family and well over the cap, but small enough to be accepted. */
export const quantityText: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom('', '-', '+'), digits(24), fc.option(digits(24)), suffix)
  .filter(([, whole, fraction]) => whole !== '' || (fraction ?? '') !== '')
  .map(([sign, whole, fraction, end]) => sign + whole + (fraction === null ? '' : `.${fraction}`) + end);

/** The quantity of a text that the test knows to be right. */
export function quantity(text: string): Quantity {
  const read = Quantity.parse(text);
  if (!read.ok) throw new Error(`${text}: ${read.error.code}`);
  return read.value;
}
