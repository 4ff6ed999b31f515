import { err, ok, type Result } from '@bwki/plain-data';

import { canonicalText } from './canonical.ts';
import type { QuantityError } from './quantity-error.ts';
import type { QuantityFormat, QuantityParts } from './quantity-format.ts';
import { parseShort } from './quantity-parse-short.ts';
import { parseLong } from './quantity-parse.ts';

const nanoPerUnit = 10n ** 9n;

/**
 * An exact amount of a Kubernetes resource: immutable, at most 64 digits before the decimal point and 9 behind it.
 *
 * Reading, rounding, capping and printing follow `resource.Quantity` of k8s.io/apimachinery (B17); the README lists
 * where that type contradicts itself and what is done here.
 */
export class Quantity {
  readonly format: QuantityFormat;
  private readonly unscaled: number | bigint;
  private readonly scale: number;

  private constructor(parts: QuantityParts) {
    this.format = parts.format;
    this.unscaled = parts.unscaled;
    this.scale = parts.scale;
  }

  /**
   * Reads a text such as `500m`, `8000M`, `16Gi` or `1e3`, without blanks around it. Anything finer than nano is
   * rounded up, away from zero; with a binary suffix the amount is capped at 2^63-1.
   */
  static parse(text: string): Result<Quantity, QuantityError> {
    const short = parseShort(text);
    if (short !== undefined) return ok(new Quantity(short));
    const long = parseLong(text);
    return long.ok ? ok(new Quantity(long.value)) : long;
  }

  /**
   * Reads what stands in a JSON or YAML document: a text, blanks around it allowed as the API server allows them, or
   * a number. A number is taken by its shortest decimal text; integers above 2^53-1 are refused, because their
   * digits were lost before this function saw them.
   */
  static fromJson(value: unknown): Result<Quantity, QuantityError> {
    if (typeof value === 'string') return Quantity.parse(value.trim());
    if (typeof value === 'number') {
      const exact = Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value));
      return exact ? Quantity.parse(String(value)) : err({ code: 'QUANTITY_NUMBER_INEXACT', value });
    }
    return err({ code: 'QUANTITY_TYPE', type: typeName(value) });
  }

  /** A whole number of any size, in DecimalSI. */
  static fromInteger(value: bigint): Quantity {
    return new Quantity({ unscaled: value, scale: 0, format: 'DecimalSI' });
  }

  /** The inverse of `nano()`: `nano x 10^-9`, in DecimalSI. */
  static fromNano(nano: bigint): Quantity {
    return new Quantity({ unscaled: nano, scale: -9, format: 'DecimalSI' });
  }

  sign(): -1 | 0 | 1 {
    return this.unscaled > 0 ? 1 : this.unscaled < 0 ? -1 : 0;
  }

  /** Orders by amount: the format plays no part. */
  compare(other: Quantity): -1 | 0 | 1 {
    const same = this.scale === other.scale;
    const left = same ? this.unscaled : this.nano();
    const right = same ? other.unscaled : other.nano();
    return left < right ? -1 : left > right ? 1 : 0;
  }

  /** Equal amounts: `1000m` equals `1`. */
  equals(other: Quantity): boolean {
    return this.compare(other) === 0;
  }

  isInteger(): boolean {
    return this.scale >= 0 || this.nano() % nanoPerUnit === 0n;
  }

  /** The amount in whole units, a fraction rounded up, away from zero: 2 for `1500m`, -2 for `-1500m`. */
  value(): bigint {
    if (this.scale === 0) return BigInt(this.unscaled);
    const nano = this.nano();
    const whole = nano / nanoPerUnit;
    const rest = nano % nanoPerUnit;
    return rest === 0n ? whole : rest > 0n ? whole + 1n : whole - 1n;
  }

  /** The exact amount, times 10^9. */
  nano(): bigint {
    return BigInt(this.unscaled) * 10n ** BigInt(this.scale + 9);
  }

  /** The canonical text: `1500m` for `1.5`, `8G` for `8000M`, `1536Mi` for `1.5Gi`. */
  toString(): string {
    return canonicalText(this.nano(), this.format);
  }

  toJSON(): string {
    return this.toString();
  }
}

function typeName(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}
