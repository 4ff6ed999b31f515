import { err, ok, type Result } from '@bwki/plain-data';

import { Quantity } from './quantity.ts';
import type { UnitsError } from './units-error.ts';

const bytesPerMegabyte = 10n ** 6n;

/**
 * Reads the setting TOTAL_GPU_MEMORY, the memory of one GPU, from a flag, the environment or a configuration file
 * (B21). A bare number counts MB (10^6 bytes), also one with an exponent, so that `16e3` means the same as text and
 * as a YAML number; with a suffix (`16G`, `15Gi`) it counts bytes.
 *
 * Undefined stands for "not set": nothing, blanks, or 0 of any unit. Memory shares are then refused by `unitsOf`.
 */
export function parseTotalGpuMemory(value: unknown): Result<Quantity | undefined, UnitsError> {
  if (value === undefined || value === null) return ok(undefined);
  if (typeof value === 'number') return readTotal(value, String(value));
  if (typeof value === 'string') return value.trim() === '' ? ok(undefined) : readTotal(value, value);
  return err({ code: 'QUOTA_TOTAL_MEMORY_INVALID', text: Array.isArray(value) ? 'array' : typeof value });
}

function readTotal(value: string | number, text: string): Result<Quantity | undefined, UnitsError> {
  const read = Quantity.fromJson(value);
  if (!read.ok || read.value.sign() < 0) return err({ code: 'QUOTA_TOTAL_MEMORY_INVALID', text });
  const quantity = read.value;
  if (quantity.sign() === 0) return ok(undefined);
  return ok(isBareNumber(text) ? Quantity.fromNano(quantity.nano() * bytesPerMegabyte) : quantity);
}

/** Every unit ends in a letter; a number, with an exponent or not, does not. */
function isBareNumber(text: string): boolean {
  return !/[A-Za-z]\s*$/.test(text);
}
