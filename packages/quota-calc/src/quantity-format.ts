/**
 * The family of suffixes a quantity was written with; it is printed in the same family again.
 *
 * - `DecimalSI`: `n u m k M G T P E`, powers of ten, and plain numbers.
 * - `BinarySI`: `Ki Mi Gi Ti Pi Ei`, powers of 1024.
 * - `DecimalExponent`: `e3`, `E-6`.
 */
export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

/** A number as the parser leaves it: `unscaled x 10^scale`, never finer than 10^-9. */
export interface QuantityParts {
  /** A `number` only where it is a safe integer (never -0): most quantities then cost no BigInt. */
  readonly unscaled: number | bigint;
  /** -9 or more. */
  readonly scale: number;
  readonly format: QuantityFormat;
}
