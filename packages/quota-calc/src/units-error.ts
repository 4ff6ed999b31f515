import type { Quantity } from './quantity.ts';

/** Why a request cannot be counted in units. Codes and values only (B24): who knows the field and the reader words it. */
export type UnitsError =
  /** Memory was asked for and TOTAL_GPU_MEMORY is unset or 0. */
  | { readonly code: 'QUOTA_TOTAL_MEMORY_UNSET' }
  /** TOTAL_GPU_MEMORY is no amount of memory; `text` is what stands there. */
  | { readonly code: 'QUOTA_TOTAL_MEMORY_INVALID'; readonly text: string }
  | { readonly code: 'QUOTA_MEMORY_NOT_POSITIVE'; readonly memory: Quantity }
  | { readonly code: 'QUOTA_MEMORY_ABOVE_TOTAL'; readonly memory: Quantity; readonly total: Quantity }
  /** Not in 1..100. */
  | { readonly code: 'QUOTA_PERCENT_RANGE'; readonly percent: bigint }
  /** Less than 1. */
  | { readonly code: 'QUOTA_AMOUNT_RANGE'; readonly amount: bigint }
  /** The units, or already the amount of GPUs, do not fit an int64, which is what Kubernetes counts resources in. */
  | { readonly code: 'QUOTA_UNITS_OVERFLOW'; readonly amount: bigint };
