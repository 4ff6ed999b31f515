import type { QuantityParts } from './quantity-format.ts';

/** So many decimal digits are a safe integer whatever they are. */
const safeDigits = 15;

const binaryFactors: readonly number[] = [1, 2 ** 10, 2 ** 20, 2 ** 30, 2 ** 40, 2 ** 50, 2 ** 60];

/**
 * Reads the quantities that people write, `1`, `500m`, `8000M`, `1.5`, `16Gi`, in one pass and without BigInt.
 * Undefined means "not one of these", never "wrong": whatever is long, finer than nano, has an exponent, a binary
 * suffix behind a fraction, or a fault is for `parseLong` to judge.
 */
export function parseShort(text: string): QuantityParts | undefined {
  const end = text.length;
  const first = text.charCodeAt(0);
  const negative = first === 0x2d;
  let at = negative || first === 0x2b ? 1 : 0;
  let magnitude = 0;
  let digits = 0;
  let point = -1;
  for (; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) {
      magnitude = magnitude * 10 + (code - 0x30);
      digits++;
    } else if (code === 0x2e && point < 0) {
      point = digits;
    } else {
      break;
    }
  }
  if (digits === 0 || digits > safeDigits) return undefined;
  const unscaled = negative && magnitude !== 0 ? -magnitude : magnitude;
  let scale = point < 0 ? 0 : point - digits;

  if (at + 2 === end) {
    const factor = binaryFactors[thousands(text.charCodeAt(at))];
    const product = unscaled * (factor ?? NaN);
    if (scale !== 0 || text.charCodeAt(at + 1) !== 0x69 || !Number.isSafeInteger(product)) return undefined;
    return { unscaled: product, scale: 0, format: 'BinarySI' };
  }
  if (at + 1 === end) scale += decimalExponent(text.charCodeAt(at));
  else if (at !== end) return undefined;
  return scale >= -9 ? { unscaled, scale, format: 'DecimalSI' } : undefined;
}

/** How many times a thousand, or 1024 before an `i`, the letter stands for; NaN for any other. */
function thousands(code: number): number {
  switch (code) {
    case 0x4b: // K
      return 1;
    case 0x4d: // M
      return 2;
    case 0x47: // G
      return 3;
    case 0x54: // T
      return 4;
    case 0x50: // P
      return 5;
    case 0x45: // E
      return 6;
    default:
      return NaN;
  }
}

function decimalExponent(code: number): number {
  switch (code) {
    case 0x6e: // n
      return -9;
    case 0x75: // u
      return -6;
    case 0x6d: // m
      return -3;
    case 0x6b: // k
      return 3;
    case 0x4b: // K, which only Ki has
      return NaN;
    default:
      return 3 * thousands(code);
  }
}
