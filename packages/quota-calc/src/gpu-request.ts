import type { Quantity } from './quantity.ts';

/** How much of each GPU is asked for. */
export type GpuShare =
  /** The whole GPU (B9). */
  | { readonly kind: 'whole' }
  /** 1 to 100 percent of each GPU's memory (B7). */
  | { readonly kind: 'percent'; readonly percent: bigint }
  /** Bytes of each GPU's memory, more than 0 and no more than a GPU has (B8). */
  | { readonly kind: 'memory'; readonly memory: Quantity };

/** A container's request: `amount` GPUs, 1 or more, and the same share of each. The ranges are checked by `unitsOf`. */
export interface GpuRequest {
  readonly amount: bigint;
  readonly share: GpuShare;
}
