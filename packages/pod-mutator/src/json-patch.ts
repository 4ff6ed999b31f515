/** One operation of RFC 6902, of the kinds that a mutation needs. */
export type JsonPatchOperation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }
  | { readonly op: 'move'; readonly from: string; readonly path: string };

/** Escapes one reference token of a JSON pointer: `~` and `/` (RFC 6901, section 3). */
export function escapeToken(token: string): string {
  return /[~/]/.test(token) ? token.replaceAll('~', '~0').replaceAll('/', '~1') : token;
}

/** A JSON pointer below `base`, which is a pointer already. */
export function pointer(base: string, ...tokens: readonly (string | number)[]): string {
  let path = base;
  for (const token of tokens) path += `/${typeof token === 'number' ? token : escapeToken(token)}`;
  return path;
}
