import { once } from 'node:events';
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { type AddressInfo, connect as connectTcp } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { buffer } from 'node:stream/consumers';
import type { Duplex } from 'node:stream';

import { describe, expect, it } from 'vitest';

import { createAdmissionServer } from '../src/http/admission-server.ts';
import { serverLimits, type ServerLimits } from '../src/http/server-limits.ts';
import { madeCertificate } from './made-certificate.ts';

const limits: ServerLimits = {
  ...serverLimits,
  handshakeMs: 200,
  requestMs: 300,
  answerMs: 600,
  idleMs: 10_000,
  checkMs: 20,
  connections: 4,
};

interface Server extends AsyncDisposable {
  readonly port: number;
  readonly connections: () => Promise<number>;
}

/** Answers each request once it has come whole, unless it asks for `/never`. */
async function serve(http2: boolean, change: Partial<ServerLimits> = {}): Promise<Server> {
  const life = { notBefore: new Date(0), notAfter: new Date(8.64e15) };
  const certificate = { ...(await madeCertificate('limits')), ...life };
  const { server } = createAdmissionServer({
    certificate,
    http2,
    limits: { ...limits, ...change },
    handler: (request, response) => {
      request.resume().once('end', () => {
        if (request.url !== '/never') response.end('done');
      });
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections: () =>
      new Promise((resolve) => {
        server.getConnections((_, count) => {
          resolve(count);
        });
      }),
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
    },
  };
}

async function open(port: number): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  return socket;
}

function openHttp2(port: number): ClientHttp2Session {
  return connectHttp2(`https://127.0.0.1:${port}`, { rejectUnauthorized: false }).on(
    'error',
    () => undefined,
  );
}

/** Milliseconds until the other end closes, while a piece goes out every 50 ms. */
async function timeToClose(socket: Duplex, piece?: string): Promise<number> {
  const start = performance.now();
  const trickle = setInterval(() => {
    if (piece !== undefined && socket.writable) socket.write(piece);
  }, 50);
  socket.on('error', () => undefined).resume();
  await once(socket, 'close');
  clearInterval(trickle);
  return performance.now() - start;
}

const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n';
const slack = 5000;

describe('B70: what clients may take of the server', () => {
  it.each([false, true])(
    'B70: a head and a body that trickle are cut off over HTTP/1.1; HTTP/2 offered: %s',
    async (http2) => {
      await using server = await serve(http2);
      for (const [first, piece] of [
        [head, 'X-A: b\r\n'],
        [`${head}\r\n`, 'x'],
      ] as const) {
        const socket = await open(server.port);
        socket.write(first);
        const time = await timeToClose(socket, piece);
        expect(time).toBeGreaterThan(limits.requestMs / 2);
        expect(time).toBeLessThan(limits.requestMs + slack);
      }
    },
  );

  it('B70: a TLS handshake that does not end is cut off', async () => {
    await using server = await serve(false);
    const socket = connectTcp({ port: server.port, host: '127.0.0.1' });
    expect(await timeToClose(socket)).toBeLessThan(limits.handshakeMs + slack);
  });

  it.each([
    ['a body that trickles', '/', false, limits.requestMs],
    ['an answer that does not come', '/never', true, limits.answerMs],
  ])('B70: %s ends an HTTP/2 stream', async (_, path, isWhole, limit) => {
    await using server = await serve(true);
    const session = openHttp2(server.port);
    const stream = session.request({ ':method': 'POST', ':path': path });
    if (isWhole) stream.end();
    const time = await timeToClose(stream, isWhole ? undefined : 'x');
    expect(time).toBeGreaterThan(limit / 2);
    expect(time).toBeLessThan(limit + slack);
    session.destroy();
  });

  it('B70: an HTTP/2 connection without a request is closed, whatever frames it sends', async () => {
    await using server = await serve(true);
    const session = openHttp2(server.port);
    await once(session, 'connect');
    const pings = setInterval(() => {
      if (!session.destroyed) session.ping(() => undefined);
    }, 50);
    await once(session, 'close');
    clearInterval(pings);
    const busy = openHttp2(server.port);
    const stream = busy.request({ ':method': 'POST', ':path': '/' }).end();
    expect((await buffer(stream)).toString()).toBe('done');
    await new Promise((resolve) => setTimeout(resolve, 2 * limits.requestMs));
    expect(busy.destroyed).toBe(false);
    busy.destroy();
  });

  it.each([false, true])(
    'B70: who holds all connections shuts out nobody; HTTP/2 offered: %s',
    async (http2) => {
      await using server = await serve(http2, { handshakeMs: 10_000, requestMs: 10_000 });
      const held = await Promise.all(Array.from({ length: limits.connections }, () => open(server.port)));
      for (let count = 0; count < 3; count++) {
        const honest = await open(server.port);
        honest.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
        expect((await buffer(honest)).toString()).toMatch(/^HTTP\/1\.1 200 /);
        expect(await server.connections()).toBeLessThanOrEqual(limits.connections);
      }
      for (const socket of held) socket.destroy();
    },
  );

  it('B70: an HTTP/2 connection that resets its requests over and over is closed', async () => {
    await using server = await serve(true);
    const session = openHttp2(server.port);
    await once(session, 'connect');
    let sent = 0;
    while (!session.destroyed && sent < 5000) {
      session
        .request({ ':method': 'POST', ':path': '/' })
        .on('error', () => undefined)
        .close(8);
      if (++sent % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(sent).toBeLessThan(5000);
  });
});
