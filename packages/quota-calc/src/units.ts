import { err, ok, type Result } from '@bwki/plain-data';

import type { GpuRequest } from './gpu-request.ts';
import type { Quantity } from './quantity.ts';
import type { UnitsError } from './units-error.ts';

/** The largest count that Kubernetes holds for an extended resource. */
export const maxUnits: bigint = 2n ** 63n - 1n;

/** A whole GPU in units: a unit is one percent of one GPU. */
export const unitsPerGpu = 100n;

/** The units of a request as an exact fraction, before the one rounding. */
export interface ExactUnits {
  readonly numerator: bigint;
  /** 1 or more. */
  readonly denominator: bigint;
}

/**
 * The units of `bitfusion.io/gpu` that a request takes (B20): `percent x amount`, `100 x amount` for whole GPUs, and
 * `memory / total x amount x 100` rounded up once, at the end.
 *
 * @param totalMemory bytes of one GPU, as `parseTotalGpuMemory` reads them; only a share of memory needs it.
 */
export function unitsOf(request: GpuRequest, totalMemory: Quantity | undefined): Result<bigint, UnitsError> {
  const exact = exactUnits(request, totalMemory);
  if (!exact.ok) return exact;
  const { numerator, denominator } = exact.value;
  const units = (numerator + denominator - 1n) / denominator;
  return units > maxUnits ? err({ code: 'QUOTA_UNITS_OVERFLOW', amount: request.amount }) : ok(units);
}

/** Checks the request's ranges; the amount is bounded (B12) before anything is multiplied by it. */
export function exactUnits(
  request: GpuRequest,
  totalMemory: Quantity | undefined,
): Result<ExactUnits, UnitsError> {
  const { amount, share } = request;
  if (amount < 1n) return err({ code: 'QUOTA_AMOUNT_RANGE', amount });
  if (amount > maxUnits) return err({ code: 'QUOTA_UNITS_OVERFLOW', amount });
  switch (share.kind) {
    case 'whole':
      return ok({ numerator: unitsPerGpu * amount, denominator: 1n });
    case 'percent': {
      const { percent } = share;
      if (percent < 1n || percent > unitsPerGpu) return err({ code: 'QUOTA_PERCENT_RANGE', percent });
      return ok({ numerator: percent * amount, denominator: 1n });
    }
    case 'memory':
      return exactMemoryUnits(amount, share.memory, totalMemory);
  }
}

function exactMemoryUnits(
  amount: bigint,
  memory: Quantity,
  total: Quantity | undefined,
): Result<ExactUnits, UnitsError> {
  if (memory.sign() <= 0) return err({ code: 'QUOTA_MEMORY_NOT_POSITIVE', memory });
  if (total === undefined || total.sign() === 0) return err({ code: 'QUOTA_TOTAL_MEMORY_UNSET' });
  if (total.sign() < 0) return err({ code: 'QUOTA_TOTAL_MEMORY_INVALID', text: total.toString() });
  if (memory.compare(total) > 0) return err({ code: 'QUOTA_MEMORY_ABOVE_TOTAL', memory, total });
  return ok({ numerator: memory.nano() * amount * unitsPerGpu, denominator: total.nano() });
}
