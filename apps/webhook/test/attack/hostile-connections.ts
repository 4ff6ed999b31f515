import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { gpuPod, reviewOf } from '../review.ts';
import type { Attack } from './attack.ts';
import { open, openAll, sendBody } from './clients.ts';

const holdMs = 3000;
const head = (length: number | string, more = ''): string =>
  `POST /mutate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${typeof length === 'number' ? `Content-Length: ${length}` : length}\r\n${more}\r\n`;

interface Held {
  readonly connections: number;
  readonly first: string | Buffer;
  /** Sent again and again by each connection. */
  readonly trickle?: string;
}

/** Connections that send something and then hold on; how many of them were closed. */
async function hold(
  port: number,
  signal: AbortSignal,
  { connections, first, trickle }: Held,
): Promise<string> {
  const sockets = await openAll(port, connections);
  for (const socket of sockets) socket.write(first);
  const end = Date.now() + holdMs;
  while (Date.now() < end && !signal.aborted) {
    if (trickle !== undefined) for (const socket of sockets) if (socket.writable) socket.write(trickle);
    await sleep(100);
  }
  const closed = sockets.filter(({ destroyed, readableEnded }) => destroyed || readableEnded).length;
  for (const socket of sockets) socket.destroy();
  return `${closed} of ${connections} closed`;
}

function held(name: string, options: () => Held): Attack {
  return { name, isReview: false, run: (port, signal) => hold(port, signal, options()) };
}

const large = 7_900_000;

/** What can be done to HTTP/1.1 and TLS. */
export const hostileConnections: readonly Attack[] = [
  {
    name: 'a content type of 15 KB of blanks',
    isReview: true,
    run: (port) => sendBody(port, '{}', { 'Content-Type': `application/json;${' '.repeat(15_000)}x` }),
  },
  {
    name: 'Content-Length of 1 TB',
    isReview: true,
    run: (port) => sendBody(port, '', { 'Content-Length': '1099511627776' }),
  },
  {
    name: '200,000 chunks of one byte',
    isReview: true,
    run: async (port, signal) =>
      hold(port, signal, {
        connections: 1,
        first: head('Transfer-Encoding: chunked') + '1\r\n \r\n'.repeat(200_000),
      }),
  },
  held('60 bodies of 7.9 MB that never end', () => ({
    connections: 60,
    first: Buffer.concat([Buffer.from(head(large + 100)), Buffer.alloc(large, ' ')]),
    trickle: ' ',
  })),
  held('400 bodies of 250 KB that never end', () => ({
    connections: 400,
    first: Buffer.concat([Buffer.from(head(256_000)), Buffer.alloc(250_000, ' ')]),
  })),
  held('400 announced bodies without a byte', () => ({ connections: 400, first: head(8_000_000) })),
  held('400 heads that never end', () => ({
    connections: 400,
    first: 'POST /mutate HTTP/1.1\r\nHost: x\r\n',
    trickle: 'X-A: b\r\n',
  })),
  held('700 idle connections', () => ({ connections: 700, first: '' })),
  held('100 connections with heads of 15 KB', () => ({
    connections: 100,
    first: head(0, `X-A: ${'a'.repeat(15_000)}\r\n`).repeat(4),
  })),
  held('pipelined requests', () => ({
    connections: 10,
    first: head(2).replace('\r\n\r\n', '\r\n\r\n{}').repeat(200),
  })),
  {
    name: '700 TLS handshakes that never end',
    isReview: false,
    run: async (port) => {
      const sockets = Array.from({ length: 700 }, () => connect({ port, host: '127.0.0.1' }));
      for (const socket of sockets) {
        socket.on('error', () => undefined).resume();
        // The head of a record, and none of the record.
        socket.write(Buffer.from([0x16, 3, 1, 2, 0]));
      }
      await sleep(holdMs);
      const closed = sockets.filter(({ destroyed, readableEnded }) => destroyed || readableEnded).length;
      for (const socket of sockets) socket.destroy();
      return `${closed} of 700 closed`;
    },
  },
  {
    name: '300 TLS connections, one after the other',
    isReview: false,
    run: async (port) => {
      for (let count = 0; count < 300; count++) (await open(port)).destroy();
      return 'done';
    },
  },
  {
    name: '1,000 reviews of as many namespaces',
    isReview: false,
    run: async (port) => {
      const statuses = new Set<string>();
      for (let count = 0; count < 1000; count += 20) {
        const bodies = Array.from({ length: 20 }, (_, index) =>
          JSON.stringify(reviewOf(gpuPod(), { namespace: `n-${count + index}` })),
        );
        for (const answer of await Promise.all(bodies.map((body) => sendBody(port, body))))
          statuses.add(answer);
      }
      return [...statuses].join(', ').slice(0, 60);
    },
  },
];
