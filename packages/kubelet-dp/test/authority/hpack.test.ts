import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { ConnectionFault } from '../../src/authority/connection-fault.ts';
import { encodeLiterals } from '../../src/authority/hpack/encode-literals.ts';
import { HeaderDecoder } from '../../src/authority/hpack/header-decoder.ts';
import type { HeaderField } from '../../src/authority/hpack/header-field.ts';
import { field, HeaderEncoder, ReferenceDecoder, sizeUpdate, type WrittenField } from './support/hpack.ts';

const longest = 65_536;

/** Any bytes, also those that HTTP/2 forbids: HPACK has no opinion on them. */
const text = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
const name = fc.oneof(fc.constantFrom(':path', ':authority', 'te', 'cookie', 'x-a'), text);
const writtenField: fc.Arbitrary<WrittenField> = fc.record({
  name,
  value: text,
  neverIndex: fc.boolean(),
  incremental: fc.boolean(),
  huffman: fc.boolean(),
});

const said = (fields: readonly HeaderField[]): readonly (readonly [string, string])[] =>
  fields.map((one) => [one.name, one.value]);

function faultOf(action: () => unknown): ConnectionFault {
  try {
    action();
  } catch (error) {
    if (error instanceof ConnectionFault) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('B60: header blocks', () => {
  test('the requests of RFC 7541, C.4, one after the other', () => {
    const decoder = new HeaderDecoder(longest);
    const blocks = [
      '828684418cf1e3c2e5f23a6ba0ab90f4ff',
      '828684be5886a8eb10649cbf',
      '828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf',
    ];
    const decoded = blocks.map((hex) => said(decoder.decode(Buffer.from(hex, 'hex')).fields));
    const common = (scheme: string, path: string): (readonly [string, string])[] => [
      [':method', 'GET'],
      [':scheme', scheme],
      [':path', path],
      [':authority', 'www.example.com'],
    ];
    expect(decoded).toEqual([
      common('http', '/'),
      [...common('http', '/'), ['cache-control', 'no-cache']],
      [...common('https', '/index.html'), ['custom-key', 'custom-value']],
    ]);
  });

  test('whatever another encoder writes is read as it was meant, block after block', () => {
    const blocks = fc.array(
      fc.record({
        fields: fc.array(writtenField, { maxLength: 12 }),
        resize: fc.option(fc.integer({ min: 0, max: longest }), { nil: undefined }),
      }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(blocks, (sent) => {
        const encoder = new HeaderEncoder();
        const decoder = new HeaderDecoder(longest);
        for (const { fields, resize } of sent) {
          const update = resize === undefined ? Buffer.alloc(0) : encoder.resize(resize);
          const decoded = decoder.decode(Buffer.concat([update, encoder.encode(fields)]));
          expect(said(decoded.fields)).toEqual(said(fields));
          expect(decoded.fields.map((one) => one.neverIndex)).toEqual(fields.map((one) => one.neverIndex));
          expect(decoded.sizeUpdates).toEqual(update);
        }
      }),
      { numRuns: 300, seed: 60 },
    );
  });

  test('literals are read by another decoder as they were meant, and leave its table empty', () => {
    fc.assert(
      fc.property(fc.array(writtenField, { maxLength: 12 }), (fields) => {
        const decoder = new ReferenceDecoder();
        const block = encodeLiterals(fields);
        const expected = fields.map((one) => ({
          name: one.name,
          value: one.value,
          neverIndex: one.neverIndex,
        }));
        expect(decoder.decode(block)).toEqual(expected);
        // Index 62 is the newest entry of the dynamic table.
        expect(() => decoder.decode(Buffer.of(0xbe))).toThrow();
      }),
      { numRuns: 200, seed: 60 },
    );
  });

  test.each([126, 127, 128, 254, 255, 256, 20_000])('a value of %d bytes keeps its length', (length) => {
    const long = [field('x-long', 'v'.repeat(length))];
    expect(said(new ReferenceDecoder().decode(encodeLiterals(long)))).toEqual(said(long));
    expect(said(new HeaderDecoder(longest).decode(encodeLiterals(long)).fields)).toEqual(said(long));
  });

  test.each([
    ['index 0', Buffer.of(0x80)],
    ['an index that nothing has', Buffer.of(0xbe)],
    ['a name by such an index', Buffer.of(0x7f, 0x00, 0x00)],
    ['an end within an integer', Buffer.of(0xff)],
    ['an integer without end', Buffer.alloc(20, 0xff)],
    ['a string that is longer than the block', Buffer.from([0x00, 0x05, 0x61])],
    ['no value', Buffer.from([0x00, 0x01, 0x61])],
    ['Huffman padding of 0', Buffer.from([0x00, 0x81, 0x18, 0x00])],
    ['Huffman padding of 11 bits', Buffer.from([0x00, 0x82, 0x1f, 0xff, 0x00])],
    ['Huffman padding of 8 bits', Buffer.from([0x00, 0x82, 0xf8, 0xff, 0x00])],
    ['EOS within Huffman', Buffer.from([0x00, 0x84, 0xff, 0xff, 0xff, 0xff, 0x00])],
    ['an update of the size behind a field', Buffer.of(0x82, 0x20)],
    ['a table that is larger than any', sizeUpdate(longest + 1)],
  ])('is closed for: %s', (_what, block) => {
    expect(faultOf(() => new HeaderDecoder(longest).decode(block)).kind).toBe('header-compression');
  });

  test.each([
    ['an integer that ends too early', [0xff], 'it ends too early'],
    ['an integer of six octets', [0xff, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00], 'an integer is too large'],
    ['one of five', [0xff, 0x80, 0x80, 0x80, 0x80, 0x00], 'nothing has the index 127'],
    ['a value of 5 bytes that has 1', [0x00, 0x01, 0x61, 0x05, 0x62], 'a string is longer than the block'],
    [
      'a value of 2 GiB',
      [0x00, 0x01, 0x61, 0x7f, 0x80, 0x80, 0x80, 0x80, 0x08],
      'a string is longer than the block',
    ],
  ])('says what is wrong with %s', (_what, bytes, why) => {
    const { message } = faultOf(() => new HeaderDecoder(longest).decode(Buffer.from(bytes)));
    expect(message).toBe(`a header block is not HPACK: ${why}`);
  });

  test('what does not fit into the table, or had to make room, is gone', () => {
    const newest = Buffer.of(0xbe);
    const kept = (valueLength: number, update: Buffer = Buffer.alloc(0)): (() => unknown) => {
      const decoder = new HeaderDecoder(longest);
      decoder.decode(new HeaderEncoder().encode([field('x', 'v'.repeat(valueLength))]));
      return () => decoder.decode(Buffer.concat([update, newest]));
    };
    // 4096 bytes less 32 for the entry and 1 for its name.
    expect(kept(4063)).not.toThrow();
    expect(faultOf(kept(4064)).kind).toBe('header-compression');
    expect(kept(10, sizeUpdate(43))).not.toThrow();
    expect(faultOf(kept(10, sizeUpdate(42))).kind).toBe('header-compression');
  });

  test('a short block that stands for more than is taken', () => {
    const decoder = new HeaderDecoder(longest);
    const encoder = new HeaderEncoder();
    decoder.decode(encoder.encode([field('x', 'v'.repeat(4000))]));
    expect(decoder.decode(Buffer.alloc(16, 0xbe)).fields).toHaveLength(16);
    expect(faultOf(() => decoder.decode(Buffer.alloc(17, 0xbe))).kind).toBe('header-size');
  });

  test('no bytes at all bring anything but fields or a fault', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 4 }), (blocks) => {
        const decoder = new HeaderDecoder(longest);
        try {
          for (const block of blocks) decoder.decode(Buffer.from(block));
        } catch (error) {
          expect(error).toBeInstanceOf(ConnectionFault);
        }
      }),
      { numRuns: 3000, seed: 60 },
    );
  });
});
