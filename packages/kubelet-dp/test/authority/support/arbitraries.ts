import fc from 'fast-check';

import type { HeaderEncoder, WrittenField } from './hpack.ts';
import { data, headerFrames, ping, windowUpdate } from './client-bytes.ts';

/** What the table of the known clients has, and a few more that Node refuses. */
export const refusedAuthorities: readonly (string | undefined)[] = [
  '/var/lib/kubelet/device-plugins/x.sock',
  'unix:/x',
  '',
  undefined,
  'user@host',
  'two words',
];
export const acceptedAuthorities: readonly string[] = [
  'localhost',
  '%2Fvar%2Flib%2Fkubelet%2Fx.sock',
  '[::1]:80',
];

/** Names for which any value will do. */
const names = ['content-type', 'user-agent', 'grpc-timeout', 'x-a', 'x-b', 'accept-encoding'];
const visible = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
});

/** How a field is written is independent of what it says. */
const writing = fc.record({ neverIndex: fc.boolean(), incremental: fc.boolean(), huffman: fc.boolean() });

const ordinaryField: fc.Arbitrary<WrittenField> = fc
  .tuple(fc.constantFrom(...names), fc.oneof(fc.constantFrom('', 'a', 'grpc'), visible), writing)
  .map(([name, value, how]) => ({ name, value, ...how }));

const layout = fc.record({
  padding: fc.option(fc.integer({ min: 0, max: 255 }), { nil: undefined }),
  weight: fc.option(fc.integer({ min: 0, max: 255 }), { nil: undefined }),
  cuts: fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 4 }),
  resize: fc.option(fc.integer({ min: 0, max: 4096 }), { nil: undefined }),
});

export interface RequestHeaders {
  readonly fields: readonly WrittenField[];
  readonly layout: {
    readonly padding: number | undefined;
    readonly weight: number | undefined;
    readonly cuts: readonly number[];
    /** Of the dynamic table, before the block. */
    readonly resize: number | undefined;
  };
}

/** Headers of a request whose pseudo-headers stand in any order. */
export function requestHeaders(authorities: readonly (string | undefined)[]): fc.Arbitrary<RequestHeaders> {
  const pseudo = fc
    .tuple(fc.constantFrom(...authorities), fc.array(writing, { minLength: 4, maxLength: 4 }))
    .chain(([authority, how]) => {
      const values: [string, string | undefined][] = [
        [':method', 'POST'],
        [':scheme', 'http'],
        [':path', '/v1beta1.DevicePlugin/Allocate'],
        [':authority', authority],
      ];
      const fields = values.flatMap(([name, value], index) => {
        const written = how[index];
        return value === undefined || written === undefined ? [] : [{ name, value, ...written }];
      });
      return fc.shuffledSubarray(fields, { minLength: fields.length });
    });
  return fc
    .tuple(pseudo, fc.array(ordinaryField, { maxLength: 8 }), layout)
    .map(([first, rest, laidOut]) => ({ fields: [...first, ...rest], layout: laidOut }));
}

const trailers: fc.Arbitrary<RequestHeaders> = fc
  .tuple(fc.array(ordinaryField, { minLength: 1, maxLength: 3 }), layout)
  .map(([fields, laidOut]) => ({ fields, layout: laidOut }));

/** One thing that a client does; `turn` chooses among the streams that are open. */
export type Step =
  | { readonly kind: 'request'; readonly headers: RequestHeaders }
  | { readonly kind: 'data'; readonly turn: number; readonly payload: string; readonly end: boolean }
  | { readonly kind: 'trailers'; readonly turn: number; readonly headers: RequestHeaders }
  | { readonly kind: 'ping' }
  | { readonly kind: 'window' };

/** A connection: a first request, and then anything. */
export function conversation(
  first: readonly (string | undefined)[],
  later: readonly (string | undefined)[],
): fc.Arbitrary<readonly Step[]> {
  const request = (authorities: readonly (string | undefined)[]): fc.Arbitrary<Step> =>
    requestHeaders(authorities).map((headers) => ({ kind: 'request', headers }));
  const turn = fc.nat({ max: 10 });
  const step: fc.Arbitrary<Step> = fc.oneof(
    request(later),
    fc.record({ kind: fc.constant('data'), turn, payload: visible, end: fc.boolean() }),
    fc.record({ kind: fc.constant('trailers'), turn, headers: trailers }),
    fc.constant({ kind: 'ping' }),
    fc.constant({ kind: 'window' }),
  );
  return fc.tuple(request(first), fc.array(step, { maxLength: 12 })).map(([head, tail]) => [head, ...tail]);
}

/** What a stream of a conversation says. */
export interface SentStream {
  readonly streamId: number;
  readonly headers: readonly WrittenField[];
  body: string;
  trailers: readonly WrittenField[];
}

export interface Rendered {
  readonly frames: readonly Buffer[];
  readonly streams: readonly SentStream[];
  /** What every header block says, in the order they are sent. */
  readonly blocks: readonly (readonly WrittenField[])[];
}

/** The frames of a conversation in which every stream ends, and what they say. */
export function render(steps: readonly Step[], encoder: HeaderEncoder): Rendered {
  const frames: Buffer[] = [];
  const blocks: (readonly WrittenField[])[] = [];
  const streams: SentStream[] = [];
  const open: SentStream[] = [];
  const sendBlock = (
    { fields, layout: laidOut }: RequestHeaders,
    streamId: number,
    endStream: boolean,
  ): void => {
    const update = laidOut.resize === undefined ? Buffer.alloc(0) : encoder.resize(laidOut.resize);
    const block = Buffer.concat([update, encoder.encode(fields)]);
    blocks.push(fields);
    frames.push(...headerFrames(block, { ...laidOut, streamId, endStream }));
  };
  const chosen = (turn: number): SentStream | undefined => open[turn % open.length];
  for (const step of steps) {
    if (step.kind === 'request') {
      const stream = {
        streamId: streams.length * 2 + 1,
        headers: step.headers.fields,
        body: '',
        trailers: [],
      };
      sendBlock(step.headers, stream.streamId, false);
      streams.push(stream);
      open.push(stream);
    } else if (step.kind === 'data') {
      const stream = chosen(step.turn);
      if (stream === undefined) continue;
      stream.body += step.payload;
      frames.push(data(stream.streamId, step.payload, step.end));
      if (step.end) open.splice(open.indexOf(stream), 1);
    } else if (step.kind === 'trailers') {
      const stream = chosen(step.turn);
      if (stream === undefined) continue;
      stream.trailers = step.headers.fields;
      sendBlock(step.headers, stream.streamId, true);
      open.splice(open.indexOf(stream), 1);
    } else {
      frames.push(step.kind === 'ping' ? ping() : windowUpdate(0, 1));
    }
  }
  for (const { streamId } of open) frames.push(data(streamId, '', true));
  return { frames, streams, blocks };
}
