import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { AuthorityRewriter } from '../../src/authority/authority-rewriter.ts';
import { ConnectionFault } from '../../src/authority/connection-fault.ts';
import { frame, frameFlag, frameType, safePayloadLength } from '../../src/authority/frame.ts';
import type { HeaderField } from '../../src/authority/hpack/header-field.ts';
import { acceptedAuthorities, conversation, refusedAuthorities, render } from './support/arbitraries.ts';
import { emptySettings, headerFrames, opening, settingsAck, windowUpdate } from './support/client-bytes.ts';
import { field, HeaderEncoder, ReferenceDecoder, sizeUpdate } from './support/hpack.ts';
import { gatherBlocks, parseFrames } from './support/parse-frames.ts';
import { withAuthority } from './support/with-authority.ts';

const preface = opening.subarray(0, 24);

/** Pushes all bytes, cut into pieces whose lengths repeat. */
function pushIn(rewriter: AuthorityRewriter, bytes: Buffer, lengths: readonly number[]): Buffer {
  const passed: Buffer[] = [];
  for (let start = 0, turn = 0; start < bytes.length; turn++) {
    const end = start + (lengths[turn % lengths.length] ?? bytes.length);
    passed.push(...rewriter.push(bytes.subarray(start, end)));
    start = end;
  }
  return Buffer.concat(passed);
}

const request = (authority: string | undefined): ReturnType<typeof field>[] => [
  field(':method', 'POST'),
  field(':scheme', 'http'),
  field(':path', '/a/b'),
  ...(authority === undefined ? [] : [field(':authority', authority)]),
  field('te', 'trailers'),
];

function printed({ name, value, neverIndex }: HeaderField): string {
  return `${name}: ${value}${neverIndex ? ' (never indexed)' : ''}`;
}

describe('B60: the bytes of a client', () => {
  test('all headers arrive as they were sent, but for the authority; all else is untouched', () => {
    const every = [...refusedAuthorities, ...acceptedAuthorities];
    const lengths = fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(conversation(refusedAuthorities, every), lengths, (steps, cuts) => {
        const { frames, blocks } = render(steps, new HeaderEncoder());
        const rewriter = new AuthorityRewriter();
        const passed = pushIn(rewriter, Buffer.concat([opening, ...frames]), cuts);
        expect(passed.subarray(0, 24)).toEqual(preface);
        const sent = gatherBlocks(frames.flatMap((one) => parseFrames(one)));
        const got = gatherBlocks(parseFrames(passed.subarray(opening.length)));
        expect(got.others).toEqual(sent.others);

        const decoder = new ReferenceDecoder();
        expect(got.blocks.map(({ packed }) => decoder.decode(packed).map(printed))).toEqual(
          blocks.map((fields) => withAuthority(fields).map(printed)),
        );
        const outline = ({ streamId, endStream, weight }: (typeof sent.blocks)[number]): unknown[] => [
          streamId,
          endStream,
          weight,
        ];
        expect(got.blocks.map(outline)).toEqual(sent.blocks.map(outline));
      }),
      { numRuns: 400, seed: 60 },
    );
  });

  test('with an accepted authority first, every byte passes as it is', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(conversation(acceptedAuthorities, acceptedAuthorities), lengths, (steps, cuts) => {
        const bytes = Buffer.concat([opening, ...render(steps, new HeaderEncoder()).frames]);
        const rewriter = new AuthorityRewriter();
        expect(pushIn(rewriter, bytes, cuts)).toEqual(bytes);
        expect(rewriter.transparent).toBe(true);
      }),
      { numRuns: 200, seed: 60 },
    );
  });

  test.each([['/x.sock'], ['localhost']])('cut in two at any place, they give the same: %s', (authority) => {
    const encoder = new HeaderEncoder();
    const frames = [1, 3].flatMap((streamId) =>
      headerFrames(encoder.encode(request(authority)), {
        streamId,
        padding: 3,
        weight: 9,
        cuts: [5, 0, 7],
        endStream: true,
      }),
    );
    const bytes = Buffer.concat([opening, ...frames]);
    const whole = pushIn(new AuthorityRewriter(), bytes, [bytes.length]);
    for (let cut = 1; cut < bytes.length; cut++) {
      expect(pushIn(new AuthorityRewriter(), bytes, [cut, bytes.length])).toEqual(whole);
    }
    expect(pushIn(new AuthorityRewriter(), bytes, [1])).toEqual(whole);
  });

  test('a request that names its host otherwise, and a CONNECT, are left as they are', () => {
    const [, , , ...rest] = request(undefined);
    for (const fields of [
      [...request(undefined), field('host', 'x')],
      [field(':method', 'CONNECT'), ...rest],
    ]) {
      const headers = headerFrames(new HeaderEncoder().encode(fields), { streamId: 1 });
      const rewriter = new AuthorityRewriter();
      const bytes = Buffer.concat([opening, ...headers]);
      expect(pushIn(rewriter, bytes, [bytes.length])).toEqual(bytes);
      expect(rewriter.transparent).toBe(true);
    }
  });

  test('the server gets the updates of the table size that it may be waiting for', () => {
    const encoder = new HeaderEncoder();
    const [headers = Buffer.alloc(0)] = headerFrames(
      Buffer.concat([encoder.resize(0), encoder.resize(300), encoder.encode(request('/x'))]),
      { streamId: 1 },
    );
    const passed = pushIn(new AuthorityRewriter(), Buffer.concat([opening, headers]), [1000]);
    const [block] = gatherBlocks(parseFrames(passed.subarray(opening.length))).blocks;
    const updates = Buffer.concat([sizeUpdate(0), sizeUpdate(300)]);
    expect(block?.packed.subarray(0, updates.length)).toEqual(updates);
  });

  test('a long block goes on in frames that every server takes', () => {
    const long = field('x-long', 'v'.repeat(40_000));
    const block = new HeaderEncoder().encode([...request('/x'), { ...long, huffman: false }]);
    const frames = headerFrames(block, { streamId: 1, weight: 1, cuts: [16_000, 16_000], endStream: true });
    const passed = parseFrames(
      pushIn(new AuthorityRewriter(), Buffer.concat([preface, ...frames]), [1e6]).subarray(24),
    );
    expect(passed.map(({ payload }) => payload.length <= safePayloadLength)).toEqual([true, true, true]);
    expect(passed.map(({ flags }) => flags)).toEqual([0x21, 0, 0x4]);
    const [got] = gatherBlocks(passed).blocks;
    expect(new ReferenceDecoder().decode(got?.packed ?? Buffer.alloc(0)).at(-1)?.value).toHaveLength(40_000);
  });

  test.each([
    ['/x', false],
    ['localhost', true],
  ])(
    'the ACK of the SETTINGS that were sent for the server goes no further: %s',
    (authority, transparent) => {
      const encoder = new HeaderEncoder();
      const [headers = Buffer.alloc(0)] = headerFrames(encoder.encode(request(authority)), { streamId: 1 });
      for (const behind of [
        [settingsAck, headers],
        [headers, settingsAck],
      ]) {
        const rewriter = new AuthorityRewriter();
        rewriter.push(opening);
        expect(rewriter.hasSettings).toBe(true);
        rewriter.expectSettingsAck();
        const passed = parseFrames(
          Buffer.concat([...behind, settingsAck, emptySettings].flatMap((one) => rewriter.push(one))),
        );
        // The second ACK is that of the server's own SETTINGS.
        expect(passed.map(({ type }) => type)).toEqual([
          frameType.headers,
          frameType.settings,
          frameType.settings,
        ]);
        expect(rewriter.transparent).toBe(transparent);
      }
    },
  );

  test('while that ACK is awaited, SETTINGS pass, and so does an ACK that is none', () => {
    const rewriter = new AuthorityRewriter();
    rewriter.push(opening);
    rewriter.expectSettingsAck();
    const badAck = frame(frameType.settings, frameFlag.ack, 0, Buffer.alloc(6));
    expect(Buffer.concat(rewriter.push(emptySettings))).toEqual(emptySettings);
    expect(Buffer.concat(rewriter.push(badAck))).toEqual(badAck);
    expect(rewriter.push(settingsAck)).toEqual([]);
  });

  test('while that ACK is awaited, no block behind an accepted authority is read any more', () => {
    const rewriter = new AuthorityRewriter();
    rewriter.push(opening);
    rewriter.expectSettingsAck();
    const first = headerFrames(new HeaderEncoder().encode(request('localhost')), { streamId: 1 });
    rewriter.push(Buffer.concat(first));
    const notHpack = frame(frameType.headers, 0x4, 3, Buffer.of(0x80));
    expect(Buffer.concat(rewriter.push(notHpack))).toEqual(notHpack);
  });

  test('SETTINGS are known to have come only when they have', () => {
    const rewriter = new AuthorityRewriter();
    rewriter.push(Buffer.concat([preface, windowUpdate(0, 1)]));
    expect(rewriter.hasSettings).toBe(false);
    rewriter.push(emptySettings);
    expect(rewriter.hasSettings).toBe(true);
  });

  test('each block has the limit to itself', () => {
    const rewriter = new AuthorityRewriter();
    const encoder = new HeaderEncoder();
    const fields = [...request('/x'), { ...field('x-long', 'v'.repeat(40_000)), huffman: false }];
    const frames = [1, 3, 5].flatMap((streamId) => headerFrames(encoder.encode(fields), { streamId }));
    const passed = pushIn(rewriter, Buffer.concat([opening, ...frames]), [1e6]);
    expect(gatherBlocks(parseFrames(passed.subarray(opening.length))).blocks).toHaveLength(3);
  });

  test.each([['GET / HTTP/1.1\r\n'], ['PRI * HTTP/2.0\r\n\r\nXX'], ['\u0016\u0003\u0001']])(
    'what is not HTTP/2 passes at once: %j',
    (start) => {
      const rewriter = new AuthorityRewriter();
      expect(Buffer.concat(rewriter.push(Buffer.from(start))).toString()).toBe(start);
      expect(rewriter.transparent).toBe(true);
    },
  );

  const block = new HeaderEncoder().encode(request('/x'));
  const open = frame(frameType.headers, 0, 1, block);
  test.each([
    ['DATA within a header block', 'frame', [open, frame(0x0, 0, 1, block)]],
    ['CONTINUATION of another stream', 'frame', [open, frame(frameType.continuation, 4, 3, block)]],
    ['HEADERS within a header block', 'frame', [open, open]],
    ['more padding than payload', 'frame', [frame(frameType.headers, 0xc, 1, Buffer.of(3, 0, 0))]],
    ['PADDED without payload', 'frame', [frame(frameType.headers, 0xc, 1, Buffer.alloc(0))]],
    ['PRIORITY that does not fit', 'frame', [frame(frameType.headers, 0x24, 1, Buffer.alloc(4))]],
    ['a block that is not HPACK', 'header-compression', [frame(frameType.headers, 0x4, 1, Buffer.of(0x80))]],
    [
      'a short block that stands for a long one',
      'header-size',
      [
        ...headerFrames(new HeaderEncoder().encode([...request('/x'), field('x', 'v'.repeat(4000))]), {
          streamId: 1,
        }),
        frame(frameType.headers, 0x4, 3, Buffer.alloc(17, 0xbe)),
      ],
    ],
    [
      'a frame that is longer than any block',
      'header-size',
      [frame(frameType.headers, 0x4, 1, Buffer.alloc(65_536)).subarray(0, 9)],
    ],
    [
      'CONTINUATION without end',
      'header-size',
      [open, ...Array.from({ length: 8000 }, () => frame(frameType.continuation, 0, 1, Buffer.alloc(0)))],
    ],
  ] as const)('a fault ends the connection: %s', (_what, kind, frames) => {
    const rewriter = new AuthorityRewriter();
    rewriter.push(opening);
    const error = (() => {
      try {
        rewriter.push(Buffer.concat(frames));
        return undefined;
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(ConnectionFault);
    expect(error).toHaveProperty('kind', kind);
  });

  test('no bytes bring anything but bytes or a fault', () => {
    const headerLike = fc
      .tuple(
        fc.constantFrom(0, 1, 1, 1, 4, 6, 9, 9),
        fc.integer({ min: 0, max: 255 }),
        fc.nat({ max: 3 }),
        fc.uint8Array({ maxLength: 60 }),
      )
      .map(([type, flags, streamId, payload]) => frame(type, flags, streamId, Buffer.from(payload)));
    fc.assert(
      fc.property(fc.array(headerLike, { maxLength: 8 }), fc.integer({ min: 1, max: 50 }), (frames, cut) => {
        const rewriter = new AuthorityRewriter();
        try {
          pushIn(rewriter, Buffer.concat([opening, ...frames]), [cut]);
        } catch (error) {
          expect(error).toBeInstanceOf(ConnectionFault);
        }
      }),
      { numRuns: 2000, seed: 60 },
    );
  });
});
