/** Why a text or a JSON value is not a quantity. Codes and values only: who knows the field and the reader words it. */
export type QuantityError =
  /** `text` does not follow the grammar of Kubernetes' quantities. */
  | { readonly code: 'QUANTITY_SYNTAX'; readonly text: string }
  /** `text` follows the grammar and means a number of more than 64 digits before its decimal point. */
  | { readonly code: 'QUANTITY_TOO_LARGE'; readonly text: string }
  /** A JSON number that no longer is what was written: NaN, an infinity, an integer above 2^53-1. */
  | { readonly code: 'QUANTITY_NUMBER_INEXACT'; readonly value: number }
  /** Neither a string nor a number; `type` is `null`, `array` or what `typeof` says. */
  | { readonly code: 'QUANTITY_TYPE'; readonly type: string };
