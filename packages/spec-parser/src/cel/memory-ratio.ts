import { unitsPerGpu, type Quantity } from '@bwki/quota-calc';

/** Units of one GPU's memory as a fraction in lowest terms: `units = ceil(bytes x amount x numerator / denominator)`. */
export interface MemoryRatio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/**
 * The ratio by which CEL, whose integers have 64 bits, counts units of memory.
 *
 * @param totalMemory bytes of one GPU
 * @throws RangeError where the memory of a GPU is no whole number of bytes above 0
 */
export function memoryRatio(totalMemory: Quantity): MemoryRatio {
  if (!totalMemory.isInteger() || totalMemory.sign() <= 0) {
    throw new RangeError(`totalGpuMemory: ${totalMemory.toString()} is not a whole number of bytes above 0`);
  }
  const total = totalMemory.value();
  const divisor = greatestCommonDivisor(total, unitsPerGpu);
  return { numerator: unitsPerGpu / divisor, denominator: total / divisor };
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b);
}
