import { err, ok, type Result } from '@bwki/plain-data';

import type { QuantityError } from './quantity-error.ts';
import type { QuantityFormat, QuantityParts } from './quantity-format.ts';
import { binaryExponentOf, decimalExponentOf } from './suffix.ts';

/**
 * The most digits before the decimal point that a quantity may have. Kubernetes holds decimal quantities of any size
 * and computes for minutes on `1e-999999999`; here every quantity stays a number of at most 73 digits, whatever its text.
 */
export const maxIntegerDigits = 64;

/** 2^63-1 in nano: Kubernetes caps quantities with a binary suffix here (and, despite its documents, no others). */
const binaryCap: bigint = (2n ** 63n - 1n) * 10n ** 9n;
const binaryCapDigits = 19;

/**
 * Digits kept after the decimal point; what lies behind them only counts as "something is there". Multiplied by 2^60
 * (`Ei`) and 10^9 (nano), a number of m decimals is a multiple of 1 / (2^(m-69) x 5^(m-9)), so from m = 69 on the
 * dropped rest cannot carry it past the next whole nano.
 */
const keptDecimals = 69;

/** The outermost exponents that Kubernetes reads, those of an int64; beyond them is no number to it. */
const maxExponent = '9223372036854775807';
const minExponent = '9223372036854775808';

interface Suffix {
  readonly format: QuantityFormat;
  /** Of 2 in BinarySI, else of 10. */
  readonly exponent: number;
}

/** The whole grammar, for what `parseShort` leaves: linear in the text, its arithmetic bounded. */
export function parseLong(text: string): Result<QuantityParts, QuantityError> {
  const negative = text.startsWith('-');
  const signEnd = negative || text.startsWith('+') ? 1 : 0;
  const wholeEnd = digitsEnd(text, signEnd);
  const fractionStart = text[wholeEnd] === '.' ? wholeEnd + 1 : wholeEnd;
  const numberEnd = fractionStart > wholeEnd ? digitsEnd(text, fractionStart) : wholeEnd;
  const written = text.slice(signEnd, wholeEnd) + text.slice(fractionStart, numberEnd);
  const suffix = readSuffix(text.slice(numberEnd));
  if (written === '' || suffix === undefined) return err({ code: 'QUANTITY_SYNTAX', text });

  const { format, exponent } = suffix;
  const digits = withoutLeadingZeros(written);
  if (digits === '') return ok({ unscaled: 0, scale: 0, format });
  const sign = negative ? -1n : 1n;
  const decimals = numberEnd - fractionStart;

  if (format === 'BinarySI') {
    const nano = binaryNano(digits, -decimals, exponent);
    // Below 1 there is no binary suffix to print: Kubernetes then forgets that it was written with one.
    return ok({ unscaled: sign * nano, scale: -9, format: nano < 10n ** 9n ? 'DecimalSI' : 'BinarySI' });
  }
  const scale = exponent - decimals;
  if (digits.length + scale > maxIntegerDigits) return err({ code: 'QUANTITY_TOO_LARGE', text });
  return ok({ unscaled: sign * nanoOf(digits, scale, 0), scale: -9, format });
}

function binaryNano(digits: string, scale: number, exponent: number): bigint {
  if (digits.length + scale > binaryCapDigits) return binaryCap;
  const nano = nanoOf(digits, scale, exponent);
  return nano > binaryCap ? binaryCap : nano;
}

/** `digits x 10^scale x 2^binary` in nano, rounded up. The number has been found to have few digits before its point. */
function nanoOf(digits: string, scale: number, binary: number): bigint {
  const dropped = -keptDecimals - scale;
  if (dropped <= 0) return roundedUpNano(BigInt(digits), scale, binary);
  const kept = Math.max(0, digits.length - dropped);
  const rest = withoutLeadingZeros(digits.slice(kept)) === '' ? '0' : '1';
  return roundedUpNano(BigInt(digits.slice(0, kept) + rest), -keptDecimals - 1, binary);
}

function roundedUpNano(unscaled: bigint, scale: number, binary: number): bigint {
  const shifted = unscaled << BigInt(binary);
  if (scale >= -9) return shifted * 10n ** BigInt(scale + 9);
  const divisor = 10n ** BigInt(-9 - scale);
  return (shifted + divisor - 1n) / divisor;
}

function readSuffix(text: string): Suffix | undefined {
  const decimal = decimalExponentOf.get(text);
  if (decimal !== undefined) return { format: 'DecimalSI', exponent: decimal };
  const binary = binaryExponentOf.get(text);
  if (binary !== undefined) return { format: 'BinarySI', exponent: binary };
  const exponent = readExponent(text);
  return exponent === undefined ? undefined : { format: 'DecimalExponent', exponent };
}

/** `e3`, `E+3`, `e-03`; a lone `E` has been read as exa, a lone `e` means nothing. */
function readExponent(text: string): number | undefined {
  if (!text.startsWith('e') && !text.startsWith('E')) return undefined;
  const start = text[1] === '-' || text[1] === '+' ? 2 : 1;
  if (start === text.length || digitsEnd(text, start) !== text.length) return undefined;
  const digits = withoutLeadingZeros(text.slice(start));
  const negative = text[1] === '-';
  const outermost = negative ? minExponent : maxExponent;
  if (digits.length > outermost.length) return undefined;
  if (digits.length === outermost.length && digits > outermost) return undefined;
  return negative ? -Number(digits) : Number(digits);
}

/** Where the run of ASCII digits from `start` on ends. */
function digitsEnd(text: string, start: number): number {
  let at = start;
  while (isDigit(text.charCodeAt(at))) at++;
  return at;
}

/** False for NaN, which `charCodeAt` gives behind the end. */
function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function withoutLeadingZeros(digits: string): string {
  let start = 0;
  while (digits[start] === '0') start++;
  return digits.slice(start);
}
