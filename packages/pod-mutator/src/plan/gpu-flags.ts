import type { GpuRequest, Quantity } from '@bwki/quota-calc';

/** What `-m` counts: MiB as the client does, or MB as the original's webhook reckoned (B30). */
export type MemoryFlagUnit = 'MiB' | 'MB';

const unitBytes: Readonly<Record<MemoryFlagUnit, bigint>> = { MiB: 1n << 20n, MB: 1_000_000n };

/**
 * A GPU request as the client's command line and the container's variables spell it (B30, B35).
 * `partial` is the value of `-p`, `memory` that of `-m`; neither is there for a whole GPU.
 */
export interface GpuFlags {
  readonly amount: string;
  readonly partial?: string;
  readonly memory?: string;
}

/** `-n`, and `-p` or `-m`, for a request. `-m` is rounded up, so that at least what was asked is there. */
export function gpuFlags(request: GpuRequest, unit: MemoryFlagUnit): GpuFlags {
  const amount = request.amount.toString();
  switch (request.share.kind) {
    case 'whole':
      return { amount };
    case 'percent':
      return { amount, partial: percentAsFraction(request.share.percent) };
    case 'memory':
      return { amount, memory: memoryFlag(request.share.memory, unit) };
  }
}

/** The shortest exact decimal of a percentage: 50 is `0.5`, 7 is `0.07`, 100 is `1`. */
export function percentAsFraction(percent: bigint): string {
  if (percent === 100n) return '1';
  const digits = percent.toString().padStart(2, '0');
  return `0.${digits.endsWith('0') ? digits.slice(0, -1) : digits}`;
}

/** The value of `-m` for a memory size. */
export function memoryFlag(memory: Quantity, unit: MemoryFlagUnit): string {
  return ceilDivide(memory.value(), unitBytes[unit]).toString();
}

/** The bytes that a value of `-m` stands for. */
export function memoryFlagBytes(flag: bigint, unit: MemoryFlagUnit): bigint {
  return flag * unitBytes[unit];
}

/**
 * The memory of one GPU as the launcher compares it with `-m` times 2^20 (B80): its bytes, unless the policy counts
 * `-m` in MB. Undefined where it is not known, or has more digits than a shell can multiply.
 */
export function launcherGpuMemory(total: Quantity | undefined, unit: MemoryFlagUnit): string | undefined {
  const bytes = ((total?.value() ?? 0n) * unitBytes.MiB) / unitBytes[unit];
  return bytes > 0n && bytes < 10n ** 12n ? bytes.toString() : undefined;
}

function ceilDivide(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}
