import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, test, vi } from 'vitest';

import { acceptAnyAuthority } from '../../src/authority/index.ts';
import { data, headerFrames, opening } from './support/client-bytes.ts';
import { field, HeaderEncoder } from './support/hpack.ts';
import { temporarySocket } from './support/temporary-socket.ts';

/** Everything before the request's body. */
function requestFrom(authority: string): Buffer {
  const fields = [
    field(':method', 'POST'),
    field(':scheme', 'http'),
    field(':authority', authority),
    field(':path', '/'),
  ];
  return Buffer.concat([opening, ...headerFrames(new HeaderEncoder().encode(fields), { streamId: 1 })]);
}

interface Pair extends AsyncDisposable {
  readonly client: Socket;
  /** The socket that the listener got. */
  readonly accepted: Socket;
  /** What the server would get. */
  readonly connection: Duplex;
}

/** A connection whose request has been sent, and a server that does nothing yet. */
async function pair(authority: string): Promise<Pair> {
  const directory = await temporarySocket();
  const { promise, resolve } = Promise.withResolvers<Pick<Pair, 'accepted' | 'connection'>>();
  const listening = createServer((accepted) => {
    acceptAnyAuthority(accepted, (connection) => {
      // A server listens for these.
      connection.on('error', () => undefined);
      resolve({ accepted, connection });
    });
  });
  listening.listen(directory.path);
  await once(listening, 'listening');
  const client = connect(directory.path);
  client.on('error', () => undefined);
  client.write(requestFrom(authority));
  const server = await promise;
  return {
    client,
    ...server,
    [Symbol.asyncDispose]: async () => {
      client.destroy();
      server.accepted.destroy();
      listening.close();
      await once(listening, 'close');
      await directory[Symbol.asyncDispose]();
    },
  };
}

const mebibyte = 1 << 20;

describe.each(['localhost', '/x.sock'])('B60: how a connection ends, with %j', (authority) => {
  test('the server’s end reaches the client, behind all that was written', async () => {
    await using both = await pair(authority);
    const chunks: Buffer[] = [];
    both.client.on('data', (chunk: Buffer) => chunks.push(chunk));
    both.connection.write('one');
    both.connection.write('two');
    both.connection.end('three');
    await once(both.client, 'end');
    expect(Buffer.concat(chunks).toString()).toBe('onetwothree');
  });

  test('the client’s end reaches the server, behind all that was sent', async () => {
    await using both = await pair(authority);
    const body = data(1, 'last', true);
    both.client.end(body);
    const chunks: Buffer[] = [];
    both.connection.on('data', (chunk: Buffer) => chunks.push(chunk)).resume();
    await once(both.connection, 'end');
    expect(Buffer.concat(chunks).subarray(-body.length)).toEqual(body);
  });

  test('destroyed by the client, closed for the server', async () => {
    await using both = await pair(authority);
    both.connection.resume();
    both.client.destroy();
    if (!both.connection.destroyed) await once(both.connection, 'close');
    expect(both.accepted.destroyed).toBe(true);
  });

  test('destroyed by the server, closed for the client', async () => {
    await using both = await pair(authority);
    both.client.resume();
    both.connection.destroy();
    await once(both.client, 'close');
    expect(both.accepted.destroyed).toBe(true);
  });

  test('destroyed from below, closed for the server', async () => {
    await using both = await pair(authority);
    both.accepted.destroy(new Error('cut'));
    await vi.waitFor(() => {
      expect(both.connection.destroyed).toBe(true);
    });
    expect(both.connection.errored?.message).toBe('cut');
  });

  test('a server that does not read keeps the client waiting', async () => {
    await using both = await pair(authority);
    const sent = 16 * mebibyte;
    for (let turn = 0; turn < 1024; turn++) both.client.write(data(1, Buffer.alloc(sent / 1024)));
    await sleep(200);
    expect(both.connection.readableLength).toBeLessThan(mebibyte);
    expect(both.client.writableLength).toBeGreaterThan(sent - 2 * mebibyte);
    let received = 0;
    both.connection.on('data', (chunk: Buffer) => (received += chunk.length)).resume();
    await vi.waitFor(() => {
      expect(received).toBeGreaterThan(sent);
    }, 10_000);
  });

  test('what was written together has left only when all of it has', async () => {
    await using both = await pair(authority);
    both.client.pause();
    both.connection.cork();
    both.connection.write('first');
    both.connection.write(Buffer.alloc(16 * mebibyte));
    both.connection.uncork();
    await sleep(100);
    expect(both.connection.writableLength).toBeGreaterThan(mebibyte);
    both.client.resume();
    await vi.waitFor(() => {
      expect(both.connection.writableLength).toBe(0);
    }, 10_000);
  });

  test('a client that does not read keeps the server waiting', async () => {
    await using both = await pair(authority);
    both.client.pause();
    const total = 16 * mebibyte;
    let written = 0;
    const write = (): void => {
      while (written < total) {
        written += 16_384;
        if (both.connection.write(Buffer.alloc(16_384))) continue;
        both.connection.once('drain', write);
        return;
      }
    };
    write();
    await sleep(200);
    expect(written).toBeLessThan(2 * mebibyte);
    let received = 0;
    both.client.on('data', (chunk: Buffer) => (received += chunk.length)).resume();
    await vi.waitFor(() => {
      expect(received).toBe(total);
    }, 10_000);
  });
});

describe('B60: a connection that ends before its request', () => {
  test.each([
    ['closed', (client: Socket) => client.end()],
    ['destroyed', (client: Socket) => client.destroy()],
  ])('%s by the client: nothing is handed over', async (_how, end) => {
    await using directory = await temporarySocket();
    const handedOver: Duplex[] = [];
    const listening = createServer((socket) => {
      acceptAnyAuthority(socket, (connection) => handedOver.push(connection));
    });
    listening.listen(directory.path);
    await once(listening, 'listening');
    const client = connect(directory.path);
    client.on('error', () => undefined);
    const bytes = requestFrom('/x');
    client.write(bytes.subarray(0, bytes.length - 1));
    await sleep(20);
    end(client);
    listening.close();
    // Emitted once no connection is left.
    await once(listening, 'close');
    expect(handedOver).toEqual([]);
  });
});
