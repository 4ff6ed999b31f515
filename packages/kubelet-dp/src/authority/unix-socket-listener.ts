import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

import { ServerCredentials, type Server } from '@grpc/grpc-js';

import { acceptAnyAuthority, type AcceptOptions } from './accept-any-authority.ts';
import { ConnectionFault } from './connection-fault.ts';

/** What the address of a Unix socket holds on Linux, without the zero behind it; Node cuts the rest off silently. */
const longestPath = 107;

export interface ListenOptions extends AcceptOptions {
  /** Ends the listener as `close()` does; if it is aborted already, nothing is started. */
  readonly signal?: AbortSignal | undefined;
}

export interface UnixSocketListener extends AsyncDisposable {
  readonly path: string;
  /**
   * Takes no more connections and removes the socket; resolves once all connections have ended. Calls under way have
   * `graceMs` to finish (default 0), then they are cancelled. A second call only waits, but can shorten the grace.
   */
  close(options?: { readonly graceMs?: number | undefined }): Promise<void>;
}

/**
 * Serves a gRPC server on a Unix socket, for clients that send whatever `:authority` (B60): use it in place of
 * `server.bindAsync('unix:…')`. Close it before you shut the server down.
 *
 * @param path absent until now: a socket that nobody serves any more has to be removed first
 * @throws RangeError if the path is longer than 107 bytes; what `listen` answers otherwise (`EADDRINUSE`, `EACCES`)
 */
export async function listenOnUnixSocket(
  server: Server,
  path: string,
  options: ListenOptions = {},
): Promise<UnixSocketListener> {
  const length = Buffer.byteLength(path);
  if (length > longestPath) {
    throw new RangeError(
      `the socket's path has ${length} bytes, but ${longestPath} are the most: ${path}; choose a shorter directory or name`,
    );
  }
  options.signal?.throwIfAborted();
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  /** Those the server does not know yet are closed at once: no call is under way on them. */
  const waiting = new Set<Socket>();
  const open = new Set<Socket>();
  const listening = createServer((socket) => {
    open.add(socket);
    waiting.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      waiting.delete(socket);
    });
    acceptAnyAuthority(
      socket,
      (connection) => {
        waiting.delete(socket);
        injector.injectConnection(connection);
      },
      options,
    );
  });
  try {
    listening.listen(path);
    await once(listening, 'listening');
  } catch (error) {
    injector.destroy();
    throw error;
  }
  listening.on('error', (cause) => {
    options.onFault?.(new ConnectionFault('accept', `no connection could be taken on ${path}`, { cause }));
  });

  const destroyAll = (sockets: Iterable<Socket>): void => {
    for (const socket of sockets) socket.destroy();
  };
  const { promise: ended, resolve: end } = Promise.withResolvers<undefined>();
  const closeNow = (): void => void close();
  const close = async ({ graceMs = 0 }: { readonly graceMs?: number | undefined } = {}): Promise<void> => {
    options.signal?.removeEventListener('abort', closeNow);
    if (listening.listening) {
      listening.close(() => {
        injector.destroy();
        end(undefined);
      });
    }
    destroyAll(waiting);
    if (graceMs <= 0) destroyAll(open);
    else injector.drain(graceMs);
    const timer = setTimeout(destroyAll, graceMs, open);
    await ended;
    clearTimeout(timer);
  };
  options.signal?.addEventListener('abort', closeNow, { once: true });
  if (options.signal?.aborted === true) await close();
  return { path, close, [Symbol.asyncDispose]: () => close() };
}
