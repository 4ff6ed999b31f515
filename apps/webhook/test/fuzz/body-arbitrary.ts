import fc from 'fast-check';

import { largeReviewText } from './large-review-arbitrary.ts';
import { reviewText } from './review-arbitrary.ts';

/** A request's way in: to which endpoint, and its bytes as they come. */
export interface FuzzCase {
  readonly webhook: 'mutate' | 'validate';
  readonly body: Buffer;
  /** Bytes at a time. */
  readonly chunkSize: number;
}

const webhook = fc.constantFrom<FuzzCase['webhook']>('mutate', 'mutate', 'validate');
const chunkSize = fc.constantFrom(65_536, 65_536, 1000, 7);

/** Bytes that go out, and others that come in, at a place that is a share of the whole. */
const edit = fc.tuple(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.nat(20),
  fc.oneof(
    fc.uint8Array({ maxLength: 8 }),
    fc.constantFrom(...['"', '{', ',', '\ufeff'].map((text) => Buffer.from(text))),
  ),
);

const mangled = fc.tuple(reviewText, fc.array(edit, { minLength: 1, maxLength: 3 })).map(([text, edits]) =>
  edits.reduce((old, [share, length, more]) => {
    const start = Math.floor(share * old.length);
    return Buffer.concat([old.subarray(0, start), more, old.subarray(start + length)]);
  }, Buffer.from(text)),
);

const truncated = fc
  .tuple(reviewText, fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([text, share]) => Buffer.from(text).subarray(0, Math.floor(share * text.length)));

const recoded = fc
  .tuple(reviewText, fc.constantFrom<BufferEncoding>('utf16le', 'latin1', 'base64'))
  .map(([text, encoding]) => Buffer.from(text, encoding));

/** Requests of all kinds. One in 500 is large. */
export const fuzzCase: fc.Arbitrary<FuzzCase> = fc.record({
  webhook,
  chunkSize,
  body: fc.oneof(
    { arbitrary: reviewText.map((text) => Buffer.from(text)), weight: 400 },
    { arbitrary: mangled, weight: 60 },
    { arbitrary: truncated, weight: 29 },
    { arbitrary: recoded, weight: 10 },
    { arbitrary: largeReviewText.map((text) => Buffer.from(text)), weight: 1 },
  ),
});
