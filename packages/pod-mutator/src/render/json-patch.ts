/** One operation of RFC 6902, of the kinds that a mutation needs. */
export type JsonPatchOperation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }
  | { readonly op: 'move'; readonly from: string; readonly path: string };

/** Escapes one reference token of a JSON pointer: `~` and `/` (RFC 6901, section 3). */
export function escapeToken(token: string): string {
  if (!token.includes('/') && !token.includes('~')) return token;
  return token.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** A JSON pointer below `base`, which is a pointer already. */
export function pointer(base: string, ...tokens: readonly (string | number)[]): string {
  return below(base, ...tokens.map((token) => (typeof token === 'number' ? token : escapeToken(token))));
}

/**
 * The same for tokens that hold nothing to escape. Joined, since V8 prints a text that was added up on a slower way, and
 * with it the whole patch.
 */
export function below(base: string, ...tokens: readonly (string | number)[]): string {
  return [base, ...tokens].join('/');
}
