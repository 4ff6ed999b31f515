import { ok, type Result } from '@bwki/plain-data';

import { counted } from './counted.ts';
import { fractionText } from './fraction-text.ts';
import type { GpuShare, GpuRequest } from './gpu-request.ts';
import { memoryText } from './memory-text.ts';
import type { Quantity } from './quantity.ts';
import { exactUnits, unitsOf, unitsPerGpu } from './units.ts';
import type { UnitsError } from './units-error.ts';

/**
 * The sum behind `unitsOf`, as a person would write it (B23): `50 % x 2 GPUs = 100 units`,
 * `8000M / 16000M x 1 GPU x 100 = 50 units`, and where the one rounding changed something,
 * `1000M / 16000M x 1 GPU x 100 = 6.25, rounded up to 7 units`.
 */
export function explainUnits(
  request: GpuRequest,
  totalMemory: Quantity | undefined,
): Result<string, UnitsError> {
  const units = unitsOf(request, totalMemory);
  if (!units.ok) return units;
  const exact = exactUnits(request, totalMemory);
  if (!exact.ok) return exact;
  const { numerator, denominator } = exact.value;
  const total = counted(units.value, 'unit');
  const sum =
    numerator % denominator === 0n
      ? total
      : `${fractionText(numerator, denominator)}, rounded up to ${total}`;
  return ok(`${factors(counted(request.amount, 'GPU'), request.share, totalMemory)} = ${sum}`);
}

function factors(gpus: string, share: GpuShare, totalMemory: Quantity | undefined): string {
  switch (share.kind) {
    case 'whole':
      return `${gpus} x ${unitsPerGpu}`;
    case 'percent':
      return `${share.percent} % x ${gpus}`;
    case 'memory': {
      const total = totalMemory === undefined ? '' : memoryText(totalMemory);
      return `${memoryText(share.memory)} / ${total} x ${gpus} x ${unitsPerGpu}`;
    }
  }
}
