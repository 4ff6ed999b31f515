/**
 * What a function answers when the fault may lie in a user's input: a value, or a fault as data.
 *
 * It is a plain union, so it narrows on `ok`, survives structured cloning and needs no library. Other packages use
 * it for their own faults too; an exception stays what it is, the sign of a bug.
 */
export type Result<T, E> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export function ok<T>(value: T): Result<T, never> {
  return { ok: true, value };
}

export function err<E>(error: E): Result<never, E> {
  return { ok: false, error };
}
