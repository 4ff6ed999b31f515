import type { Quantity } from './quantity.ts';

const nanoPerMegabyte = 10n ** 15n;

/**
 * Memory as it is written beside TOTAL_GPU_MEMORY: in M, which that setting counts in, where it is a whole number of
 * them (`8000M`, not the canonical `8G`), so that two amounts can be compared at a glance. Otherwise its canonical
 * text; what was written in `Gi` stays in `Gi`.
 */
export function memoryText(memory: Quantity): string {
  const canonical = memory.toString();
  const nano = memory.nano();
  return canonical.endsWith('i') || nano % nanoPerMegabyte !== 0n ? canonical : `${nano / nanoPerMegabyte}M`;
}
