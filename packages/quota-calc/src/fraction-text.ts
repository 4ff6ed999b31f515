const exactDecimals = 4;
const cutDecimals = 2;

/**
 * A fraction of two positive integers in decimals: exact where four of them suffice (`6.25`), else cut, not rounded,
 * after two (`33.33…`), so that the text never shows more than there is.
 */
export function fractionText(numerator: bigint, denominator: bigint): string {
  const scale = 10n ** BigInt(exactDecimals);
  const scaled = (numerator * scale) / denominator;
  const exact = (numerator * scale) % denominator === 0n;
  const whole = scaled / scale;
  const decimals = (scaled % scale).toString().padStart(exactDecimals, '0');
  if (!exact) return `${whole}.${decimals.slice(0, cutDecimals)}…`;
  const significant = decimals.replace(/(?<!0)0+$/, '');
  return significant === '' ? `${whole}` : `${whole}.${significant}`;
}
