import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';

import { isAcceptedAuthority } from '../../src/authority/accepted-authority.ts';
import { frame, frameType } from '../../src/authority/frame.ts';
import { acceptedAuthorities, conversation, refusedAuthorities, render } from './support/arbitraries.ts';
import { data, headerFrames, opening, ping, settingsAck, windowUpdate } from './support/client-bytes.ts';
import { field, HeaderEncoder, type WrittenField } from './support/hpack.ts';
import { RawClient } from './support/raw-client.ts';
import { recordingServer } from './support/recording-server.ts';
import { withAuthority } from './support/with-authority.ts';

const request = (authority: string | undefined): WrittenField[] => [
  field(':method', 'POST'),
  field(':scheme', 'http'),
  ...(authority === undefined ? [] : [field(':authority', authority)]),
  field(':path', '/a.B/c'),
];

/** The frames of two requests on one connection; the second refers to the table that the first has filled. */
function twoRequests(authority: string | undefined): Buffer {
  const encoder = new HeaderEncoder();
  return Buffer.concat(
    [1, 3].flatMap((streamId) => [
      ...headerFrames(encoder.encode(request(authority)), { streamId }),
      data(streamId, `body ${streamId}`, true),
    ]),
  );
}

const flat = (fields: readonly { readonly name: string; readonly value: string }[]): string[] =>
  fields.flatMap(({ name, value }) => [name, value]);

describe('B60: connections of any client to Node', () => {
  test.each([...refusedAuthorities])('refused when bare, answered here: %j', async (authority) => {
    for (const accept of [false, true]) {
      await using server = await recordingServer({ accept });
      using client = new RawClient(server.path);
      await client.send(Buffer.concat([opening, twoRequests(authority)]));
      const expected = accept ? 'answered' : 'reset 1';
      expect(await client.outcomes(2)).toEqual([expected, expected]);
      if (!accept) continue;
      expect(server.untouched).toEqual([false]);
      expect(server.seen.get(3)).toEqual({
        headers: flat(withAuthority(request(authority))),
        body: 'body 3',
        trailers: [],
      });
    }
  });

  test.each([...acceptedAuthorities])('the server gets the very socket: %j', async (authority) => {
    await using server = await recordingServer();
    using client = new RawClient(server.path);
    await client.send(Buffer.concat([opening, twoRequests(authority)]));
    expect(await client.outcomes(2)).toEqual(['answered', 'answered']);
    expect(server.untouched).toEqual([true]);
    expect(server.seen.get(3)?.headers).toEqual(flat(request(authority)));
  });

  test('what nobody answers may come before the request: the server still gets the very socket', async () => {
    await using server = await recordingServer();
    using client = new RawClient(server.path);
    const priority = frame(frameType.priority, 0, 1, Buffer.of(0, 0, 0, 0, 9));
    await client.send(opening, windowUpdate(0, 9), priority, settingsAck, twoRequests('localhost'));
    expect(await client.outcomes(2)).toEqual(['answered', 'answered']);
    expect(server.untouched).toEqual([true]);
  });

  test.each([
    ['localhost', true],
    ['/x.sock', false],
  ])('a client that waits for SETTINGS, as gRPC clients do: %j', async (authority, untouched) => {
    await using server = await recordingServer();
    using client = new RawClient(server.path);
    await client.send(opening);
    await client.settings();
    await client.send(settingsAck, twoRequests(authority));
    expect(await client.outcomes(2)).toEqual(['answered', 'answered']);
    expect(server.untouched).toEqual([untouched]);
  });

  test.each(['localhost', '/x.sock'])('two pieces, cut at any place: %j', async (authority) => {
    await using server = await recordingServer();
    const bytes = Buffer.concat([opening, windowUpdate(0, 9), twoRequests(authority)]);
    for (let cut = 1; cut < bytes.length; cut++) {
      using client = new RawClient(server.path);
      await client.send(bytes.subarray(0, cut), bytes.subarray(cut));
      // SETTINGS may have been sent for the server at the cut.
      await client.send(settingsAck);
      expect(await client.outcomes(2), `cut at ${cut}`).toEqual(['answered', 'answered']);
      expect(server.seen.get(3)?.headers, `cut at ${cut}`).toEqual(flat(withAuthority(request(authority))));
    }
    expect(server.untouched).toHaveLength(bytes.length - 1);
  });

  test('byte by byte', async () => {
    await using server = await recordingServer();
    for (const authority of ['localhost', '/x.sock']) {
      using client = new RawClient(server.path);
      await client.send(
        ...[...Buffer.concat([opening, settingsAck, twoRequests(authority)])].map((byte) => Buffer.of(byte)),
      );
      expect(await client.outcomes(2)).toEqual(['answered', 'answered']);
    }
  });

  test('what a client sends is what Node sees, but for the authority', async () => {
    await using server = await recordingServer();
    const every = [...refusedAuthorities, ...acceptedAuthorities];
    const pieces = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 8 });
    const either = fc.oneof(
      conversation(refusedAuthorities, every),
      conversation(acceptedAuthorities, acceptedAuthorities),
    );
    await fc.assert(
      fc.asyncProperty(either, pieces, async (steps, lengths) => {
        const { frames, streams } = render(steps, new HeaderEncoder());
        const bytes = Buffer.concat([opening, ...frames]);
        using client = new RawClient(server.path);
        let start = 0;
        for (const length of lengths) {
          await client.send(bytes.subarray(start, start + length));
          start += length;
        }
        await client.send(bytes.subarray(start), settingsAck);
        expect(await client.outcomes(streams.length)).toEqual(streams.map(() => 'answered'));
        expect([...server.seen].sort(([one], [other]) => one - other)).toEqual(
          streams.map(({ streamId, headers, body, trailers }) => [
            streamId,
            { headers: flat(withAuthority(headers)), body, trailers: flat(trailers) },
          ]),
        );
      }),
      { numRuns: 150, seed: 60 },
    );
    expect(new Set(server.untouched)).toEqual(new Set([true, false]));
  });

  test('PING before any request is answered, and the request then too', async () => {
    for (const authority of ['localhost', '/x.sock']) {
      await using server = await recordingServer();
      using client = new RawClient(server.path);
      await client.send(Buffer.concat([opening, ping()]));
      await client.until((frames) => frames.find(({ type, flags }) => type === 0x6 && flags === 1));
      await client.send(twoRequests(authority));
      expect(await client.outcomes(2)).toEqual(['answered', 'answered']);
    }
  });

  test('more than is kept before a request goes to the server at once', async () => {
    await using server = await recordingServer();
    using client = new RawClient(server.path);
    const updates = Buffer.concat(Array.from({ length: 6000 }, () => windowUpdate(0, 1)));
    await client.send(opening, updates);
    await vi.waitFor(() => {
      expect(server.untouched).toEqual([false]);
    }, 10_000);
    await client.send(twoRequests('/x.sock'));
    expect(await client.outcomes(2)).toEqual(['answered', 'answered']);
  });

  test('a client that does not speak HTTP/2 gets the answer that Node has for it', async () => {
    for (const accept of [false, true]) {
      await using server = await recordingServer({ accept });
      using client = new RawClient(server.path);
      await client.send(Buffer.from('GET / HTTP/1.1\r\nhost: x\r\n\r\n'));
      await client.closed;
    }
  });

  test('every byte of an authority is judged as Node judges it', async () => {
    await using server = await recordingServer({ accept: false });
    using client = new RawClient(server.path);
    const encoder = new HeaderEncoder();
    const authorities = Array.from({ length: 256 }, (_, code) => `x${String.fromCharCode(code)}`);
    const frames = authorities.flatMap((authority, index) =>
      headerFrames(encoder.encode(request(authority)), { streamId: 2 * index + 1, endStream: true }),
    );
    await client.send(opening, ...frames);
    const outcomes = await client.outcomes(authorities.length);
    const accepted = authorities.filter((_, index) => outcomes[index] === 'answered');
    expect(authorities.filter((authority) => isAcceptedAuthority(authority))).toEqual(accepted);
  });
});
