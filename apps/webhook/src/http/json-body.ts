import { isUtf8 } from 'node:buffer';

import { err, ok, type Result } from '@bwki/quota-calc';

/** `application/json`, with a charset or without; JSON has no charset but UTF-8 (RFC 8259, section 8.1). */
const jsonType = /^application\/json\s*(;\s*charset\s*=\s*("utf-8"|utf-8)\s*)?;?\s*$/i;

export function isJsonType(contentType: string | undefined): boolean {
  return contentType === 'application/json' || (contentType !== undefined && jsonType.test(contentType));
}

/**
 * Parses a body. Of a key that is there twice the last counts, as in the API server's own decoder; `__proto__` is a
 * key like any other; nesting has no limit; a number that no double holds is the nearest one, or infinite.
 *
 * @returns what is wrong without a word of the body, which may hold secrets
 */
export function parseJson(bytes: Buffer): Result<unknown, string> {
  if (!isUtf8(bytes)) return err('the body is not UTF-8');
  try {
    const json: unknown = JSON.parse(bytes.toString());
    return ok(json);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const position = /at position \d+/.exec(error.message)?.[0];
    return err(position === undefined ? 'the body is not JSON' : `the body is not JSON: fault ${position}`);
  }
}
