/**
 * What a function returns where its input may be wrong: a value, or an error as data. An exception is a bug.
 *
 * It is a plain union, so it narrows on `ok`, survives structured cloning and needs no library.
 */
export type Result<T, E> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export function ok<T>(value: T): Result<T, never> {
  return { ok: true, value };
}

export function err<E>(error: E): Result<never, E> {
  return { ok: false, error };
}
