import { stat, readdir } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:net';

import { describe, expect, test, vi } from 'vitest';

import { listenOnUnixSocket, type ConnectionFault } from '../../src/authority/index.ts';
import { data, headerFrames, opening, settingsAck } from './support/client-bytes.ts';
import { echoServer, EchoClient, unaryPath, watchPath } from './support/grpc-echo.ts';
import { field, HeaderEncoder, type WrittenField } from './support/hpack.ts';
import { RawClient } from './support/raw-client.ts';
import { temporarySocket } from './support/temporary-socket.ts';

/** Milliseconds: machines that build something else are slow. */
const patience = 10_000;

const authorities = ['localhost', '/var/lib/kubelet/device-plugins/x.sock', '', 'unix:/x', '%2Frun%2Fx.sock'];
function grpcRequest(path: string, authority: string | undefined): WrittenField[] {
  return [
    field(':method', 'POST'),
    field(':scheme', 'http'),
    field(':path', path),
    ...(authority === undefined ? [] : [field(':authority', authority)]),
    field('content-type', 'application/grpc'),
    field('te', 'trailers'),
  ];
}

const seenAs = (authority: string): string => (authority.startsWith('%') ? authority : 'localhost');

describe('B60: a gRPC server on a Unix socket', () => {
  test.each(authorities)('grpc-js as client, calls and a stream on one connection: %j', async (authority) => {
    await using socket = await temporarySocket();
    const { server, watching } = echoServer();
    await using listener = await listenOnUnixSocket(server, socket.path);
    expect(listener.path).toBe(socket.path);
    using client = new EchoClient(socket.path, authority);
    for (let call = 0; call < 3; call++) expect(await client.unary()).toBe(seenAs(authority));
    const watch = await client.watch();
    expect(watch.first).toBe(seenAs(authority));
    expect(watching.size).toBe(1);
    watch.cancel();
    await vi.waitFor(() => {
      expect(watching.size).toBe(0);
    }, patience);
  });

  test('a request without any authority', async () => {
    await using socket = await temporarySocket();
    await using listener = await listenOnUnixSocket(echoServer().server, socket.path);
    using client = new RawClient(listener.path);
    await client.send(opening);
    await client.settings();
    const headers = headerFrames(new HeaderEncoder().encode(grpcRequest(unaryPath, undefined)), {
      streamId: 1,
    });
    await client.send(settingsAck, ...headers, data(1, Buffer.alloc(5), true));
    const body = await client.until((frames) => frames.find(({ type }) => type === 0));
    expect(body.payload.subarray(5).toString()).toBe('localhost');
  });

  test.each(['localhost', '/x'])('a client that goes away cancels its streams: %j', async (authority) => {
    await using socket = await temporarySocket();
    const { server, watching } = echoServer();
    await using listener = await listenOnUnixSocket(server, socket.path);
    using client = new RawClient(listener.path);
    const headers = headerFrames(new HeaderEncoder().encode(grpcRequest(watchPath, authority)), {
      streamId: 1,
    });
    await client.send(opening);
    await client.settings();
    await client.send(settingsAck, ...headers, data(1, Buffer.alloc(5), true));
    await client.outcomes(1);
    expect(watching.size).toBe(1);
    client.socket.destroy();
    await vi.waitFor(() => {
      expect(watching.size).toBe(0);
    }, patience);
  });

  test.each(['localhost', '/x'])(
    'closing cancels what is under way and removes the socket: %j',
    async (authority) => {
      await using socket = await temporarySocket();
      const { server, watching } = echoServer();
      const listener = await listenOnUnixSocket(server, socket.path);
      using client = new EchoClient(socket.path, authority);
      const watch = await client.watch();
      using silent = new RawClient(socket.path);
      await silent.send(opening);
      await silent.settings();
      await listener.close();
      expect(await watch.ended).not.toBe('');
      await silent.closed;
      expect(watching.size).toBe(0);
      await expect(stat(socket.path)).rejects.toThrow('ENOENT');
      await listener.close();
    },
  );

  test.each(['localhost', '/x'])('closing with a grace lets calls end: %j', async (authority) => {
    await using socket = await temporarySocket();
    const hold = Promise.withResolvers<undefined>();
    const { server, watching, called } = echoServer(hold.promise);
    const listener = await listenOnUnixSocket(server, socket.path);
    using client = new EchoClient(socket.path, authority);
    await client.watch();
    const call = client.unary();
    await vi.waitFor(() => {
      expect(called()).toBe(1);
    }, patience);
    const closing = listener.close({ graceMs: 300 });
    hold.resolve(undefined);
    expect(await call).toBe('localhost');
    // The stream has no end of its own: it is cancelled when the grace is over.
    expect(watching.size).toBe(1);
    await closing;
    expect(watching.size).toBe(0);
  });

  test('an abort closes it; aborted before, it is not opened', async () => {
    await using socket = await temporarySocket();
    const abort = new AbortController();
    const listener = await listenOnUnixSocket(echoServer().server, socket.path, { signal: abort.signal });
    using client = new RawClient(socket.path);
    await client.send(opening);
    abort.abort();
    await client.closed;
    await listener.close();
    const again = listenOnUnixSocket(echoServer().server, socket.path, { signal: abort.signal });
    await expect(again).rejects.toThrow('aborted');
    await expect(stat(socket.path)).rejects.toThrow('ENOENT');
  });

  test('a path that Node would cut off is an error', async () => {
    await using socket = await temporarySocket();
    const long = socket.path.padEnd(108, 'x');
    await expect(listenOnUnixSocket(echoServer().server, long)).rejects.toThrow(
      `the socket's path has 108 bytes, but 107 are the most: ${long}; choose a shorter directory or name`,
    );
    await using listener = await listenOnUnixSocket(echoServer().server, long.slice(0, 107));
    expect((await stat(listener.path)).isSocket()).toBe(true);
  });

  test('a socket that is there already is an error, and stays', async () => {
    await using socket = await temporarySocket();
    const other = createServer().listen(socket.path);
    await once(other, 'listening');
    await expect(listenOnUnixSocket(echoServer().server, socket.path)).rejects.toThrow('EADDRINUSE');
    expect((await stat(socket.path)).isSocket()).toBe(true);
    other.close();
  });

  test('a fault ends its connection alone, and is told', async () => {
    await using socket = await temporarySocket();
    const faults: ConnectionFault[] = [];
    const { server, watching } = echoServer();
    await using listener = await listenOnUnixSocket(server, socket.path, {
      onFault: (fault) => faults.push(fault),
    });
    using good = new EchoClient(listener.path, '/x');
    await good.watch();
    const encoder = new HeaderEncoder();
    const first = headerFrames(encoder.encode(grpcRequest(unaryPath, '/x')), { streamId: 1 });
    const notHpack = headerFrames(Buffer.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff), { streamId: 3 });
    for (const frames of [notHpack, [...first, ...notHpack]]) {
      using bad = new RawClient(socket.path);
      await bad.send(opening, ...frames);
      await bad.closed;
    }
    expect(faults.map(({ kind }) => kind)).toEqual(['header-compression', 'header-compression']);
    expect(await good.unary()).toBe('localhost');
    expect(watching.size).toBe(1);
  });

  test('200 connections leave no file open', async () => {
    await using socket = await temporarySocket();
    await using listener = await listenOnUnixSocket(echoServer().server, socket.path);
    const openFiles = async (): Promise<number> => (await readdir('/proc/self/fd')).length;
    const round = async (authority: string): Promise<void> => {
      using client = new EchoClient(listener.path, authority);
      await client.unary();
    };
    for (const authority of authorities) await round(authority);
    const before = await openFiles();
    for (let count = 0; count < 40; count++) await Promise.all(authorities.map(round));
    await vi.waitFor(async () => {
      expect(await openFiles()).toBeLessThanOrEqual(before);
    }, patience);
  });
});
