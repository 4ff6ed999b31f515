import { randomInt } from 'node:crypto';

import { err, ok, type Result } from '@bwki/plain-data';

/** The decoder of an API server reads 10,000 levels of an object; the review around it has three more. */
export const maxDepth = 10_010;

/** In the unit of `steps`. docs/adr/0019-what-one-sender-may-take.md has the measurements, and the pods that fit. */
export const maxSteps = 3_300_000;

/**
 * What `JSON.parse` and the garbage collection behind it take for each part, 0.1 µs at most each. A list of keys that
 * no object before began with makes V8 build a shape for it, or a dictionary.
 */
const steps = { value: 1, container: 6, key: 2, newShape: 14, text: 1, newText: 4, fraction: 1 } as const;

/** Bytes. V8 keeps one copy of each shorter text, and has to look for it. */
const maxSharedText = 10;

/** Differs in each process, so that no sender knows texts that have the same hash. */
const seed = randomInt(2 ** 31);

const [quote, backslash, colon, comma] = [0x22, 0x5c, 0x3a, 0x2c];
const [dot, exponent, upperExponent] = [0x2e, 0x65, 0x45];
const [openObject, closeObject, openList, closeList] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Estimates what `JSON.parse` takes for these bytes, in one pass that builds nothing. For bytes that are not JSON it
 * covers at least what precedes the first error.
 *
 * @returns the steps, 0 for so few bytes that no limit can be exceeded; or why the bytes must not be parsed
 */
export function scanJson(bytes: Uint8Array): Result<number, string> {
  const { length } = bytes;
  if (length <= maxDepth) return ok(0);
  const seen = new SeenHashes(length);
  /** For each open object, a hash of its keys so far, in their order. */
  const shapes = new Int32Array(maxDepth + 1);
  let depth = 0;
  let count = 0;
  for (let index = 0; index < length; index++) {
    const byte = bytes[index] ?? 0;
    if (byte === quote) {
      let hash = seed;
      const start = ++index;
      for (; index < length; index++) {
        let inside = bytes[index] ?? 0;
        if (inside === quote) break;
        // The byte behind a backslash never ends the text.
        if (inside === backslash) inside = bytes[++index] ?? 0;
        hash = Math.imul(hash ^ inside, 0x01000193);
      }
      const textLength = index - start;
      while (isBlank(bytes[index + 1])) index++;
      if (bytes[index + 1] === colon) {
        const shape = Math.imul((shapes[depth] ?? 0) ^ hash, 0x5bd1e995);
        shapes[depth] = shape;
        count += seen.has(shape) ? steps.key : steps.key + steps.newShape;
      } else {
        count += textLength > maxSharedText || seen.has(~hash) ? steps.text : steps.text + steps.newText;
      }
    } else if (byte === comma) count += steps.value;
    else if (byte === dot || byte === exponent || byte === upperExponent) count += steps.fraction;
    else if (byte === openObject || byte === openList) {
      count += steps.container;
      depth++;
      if (depth > maxDepth) return err(`the body is nested more than ${maxDepth} levels deep`);
      shapes[depth] = 0;
    } else if ((byte === closeObject || byte === closeList) && depth > 0) depth--;
    if (count > maxSteps) return err('the body has more values or different keys than any pod can have');
  }
  return ok(count);
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Remembers hashes in a table of a fixed size. A hash that it has forgotten counts as new, which errs upwards. */
class SeenHashes {
  readonly #table: Int32Array;
  readonly #mask: number;

  /** @param bytes how many bytes are scanned; the table is small for few, since it has to be cleared */
  constructor(bytes: number) {
    const size = 2 ** Math.min(16, Math.ceil(Math.log2(bytes / 16)));
    this.#table = new Int32Array(size);
    this.#mask = size - 1;
  }

  /** Whether the hash was seen before; from now on it was. */
  has(hash: number): boolean {
    const place = (hash ^ (hash >>> 15)) & this.#mask;
    if (this.#table[place] === hash) return true;
    this.#table[place] = hash;
    return false;
  }
}
