import type { QuantityError } from './quantity-error.ts';
import type { UnitsError } from './units-error.ts';

/** Every fault this package reports. */
export type QuotaError = QuantityError | UnitsError;

export type QuotaErrorCode = QuotaError['code'];

/** What each code means, in a line, for a reference of all codes. A code is never given a second meaning. */
export const quotaErrorCodes: Readonly<Record<QuotaErrorCode, string>> = {
  QUANTITY_SYNTAX: 'The text is not a Kubernetes quantity.',
  QUANTITY_TOO_LARGE: 'The quantity has more than 64 digits before its decimal point.',
  QUANTITY_NUMBER_INEXACT: 'The JSON number is not exact: above 2^53-1, or not finite.',
  QUANTITY_TYPE: 'The value is neither a string nor a number.',
  QUOTA_TOTAL_MEMORY_UNSET: 'Memory is asked for, but TOTAL_GPU_MEMORY is not set.',
  QUOTA_TOTAL_MEMORY_INVALID: 'TOTAL_GPU_MEMORY is not an amount of memory.',
  QUOTA_MEMORY_NOT_POSITIVE: 'The memory asked for is zero or negative.',
  QUOTA_MEMORY_ABOVE_TOTAL: 'The memory asked for is more than a GPU has.',
  QUOTA_PERCENT_RANGE: 'The percentage is not in 1..100.',
  QUOTA_AMOUNT_RANGE: 'The amount of GPUs is less than 1.',
  QUOTA_UNITS_OVERFLOW: 'The request comes to more than 2^63-1 units.',
};
