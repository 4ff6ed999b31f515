import { isUtf8 } from 'node:buffer';

import { err, ok, type Result } from '@bwki/plain-data';
import { parse } from 'content-type';

import { scanJson } from './json-scan.ts';

/** Characters. What is longer is not parsed: no client of Kubernetes sends more than 40 or so. */
const maxContentType = 256;

/** `application/json`, with a charset or without; JSON has no charset but UTF-8 (RFC 8259, section 8.1). */
export function isJsonType(contentType: string | undefined): boolean {
  if (contentType === 'application/json') return true;
  if (contentType === undefined || contentType.length > maxContentType) return false;
  const { type, parameters } = parse(contentType);
  const { charset = 'utf-8', ...others } = parameters;
  return type === 'application/json' && charset.toLowerCase() === 'utf-8' && Object.keys(others).length === 0;
}

/**
 * Parses a body. Of a key that is there twice the last counts, as in the API server's own decoder; `__proto__` is a
 * key like any other; a number that no double holds is the nearest one, or infinite. A body whose parsing would take
 * too much is refused before.
 *
 * @returns what is wrong without a word of the body, which may hold secrets
 */
export function parseJson(bytes: Buffer): Result<unknown, string> {
  if (!isUtf8(bytes)) return err('the body is not UTF-8');
  const scanned = scanJson(bytes);
  if (!scanned.ok) return scanned;
  try {
    const json: unknown = JSON.parse(bytes.toString());
    return ok(json);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const position = /at position \d+/.exec(error.message)?.[0];
    return err(position === undefined ? 'the body is not JSON' : `the body is not JSON: fault ${position}`);
  }
}
