import type { QuantityFormat } from './quantity-format.ts';
import { binarySuffixes, decimalSuffixOf } from './suffix.ts';

const nanoPerUnit = 10n ** 9n;
const largestSuffixExponent = 18;

/**
 * The canonical text of `nano x 10^-9`: no fraction, no precision lost, the largest suffix that allows both. A binary
 * format gives way to the decimal one for fractions and below 1024, as there is no suffix to print them with.
 *
 * Where no suffix is large enough, Kubernetes prints 10^21 as `1`; here it is `1000E`.
 */
export function canonicalText(nano: bigint, format: QuantityFormat): string {
  if (nano === 0n) return '0';
  const sign = nano < 0n ? '-' : '';
  const magnitude = nano < 0n ? -nano : nano;
  if (format === 'BinarySI' && magnitude >= 1024n * nanoPerUnit && magnitude % nanoPerUnit === 0n) {
    return sign + binaryText(magnitude / nanoPerUnit);
  }
  return sign + decimalText(magnitude, format);
}

function binaryText(integer: bigint): string {
  let value = integer;
  let divisions = 0;
  while (value % 1024n === 0n && divisions + 1 < binarySuffixes.length) {
    value /= 1024n;
    divisions++;
  }
  return `${value}${binarySuffixes[divisions] ?? ''}`;
}

/** Exponents are multiples of 3; the zeros that this leaves over stay in the number. */
function decimalText(nano: bigint, format: QuantityFormat): string {
  const digits = nano.toString();
  const significant = digits.replace(/(?<!0)0+$/, '');
  const wanted = 3 * Math.floor((digits.length - significant.length - 9) / 3);
  const exponent = format === 'DecimalExponent' ? wanted : Math.min(wanted, largestSuffixExponent);
  const number = digits.slice(0, digits.length - (exponent + 9));
  if (format !== 'DecimalExponent') return number + (decimalSuffixOf.get(exponent) ?? '');
  return exponent === 0 ? number : `${number}e${exponent}`;
}
