import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import { AuthorityRewriter } from './authority-rewriter.ts';
import { ConnectionFault } from './connection-fault.ts';
import { frame, frameType } from './frame.ts';
import { RewrittenConnection } from './rewritten-connection.ts';

/** What is kept of a connection before its first request; a client sends about 100 bytes. */
const longestOpening = 65_536;

/** All values are the defaults; those of the server's own SETTINGS, which follow, then count. */
const emptySettings: Buffer = frame(frameType.settings, 0, 0, Buffer.alloc(0));

export interface AcceptOptions {
  /** Called with what was wrong with a connection, which is closed already. */
  readonly onFault?: ((fault: ConnectionFault) => void) | undefined;
}

/**
 * Passes a new connection on to an HTTP/2 server in a form whose `:authority` Node accepts (B60):
 *
 * ```ts
 * const server = http2.createServer(answer);
 * net.createServer((socket) => {
 *   acceptAnyAuthority(socket, (connection) => server.emit('connection', connection));
 * });
 * ```
 *
 * The first request decides. If its authority is fine, the server gets the very socket, which then costs nothing more;
 * if not, a stream with `localhost` in this and every later request. As many clients wait for the server's SETTINGS
 * before they send a request, empty ones are sent in its name meanwhile.
 *
 * @param socket as it comes from a `net.Server`: nothing has been read from it
 * @param inject called once with what to give to the server, or never if the connection ends before a request
 */
export function acceptAnyAuthority(
  socket: Socket,
  inject: (connection: Duplex) => void,
  { onFault }: AcceptOptions = {},
): void {
  const rewriter = new AuthorityRewriter();
  const opening: Buffer[] = [];
  let openingLength = 0;
  let settingsSent = false;

  /** A fault ends the connection, for the client and for the server. */
  const rewrite = (chunk: Buffer): readonly Buffer[] => {
    try {
      return rewriter.push(chunk);
    } catch (error) {
      socket.destroy();
      if (!(error instanceof ConnectionFault)) throw error;
      onFault?.(error);
      return [];
    }
  };
  const receive = (chunk: Buffer): void => {
    for (const part of rewrite(chunk)) {
      opening.push(part);
      openingLength += part.length;
    }
    if (socket.destroyed) return;
    if (!rewriter.undecided || rewriter.asksServer || openingLength > longestOpening) {
      handOver();
    } else if (rewriter.hasSettings && !settingsSent) {
      settingsSent = true;
      rewriter.expectSettingsAck();
      socket.write(emptySettings);
    }
  };
  const ignore = (): void => undefined;
  const handOver = (): void => {
    socket.pause();
    socket.off('data', receive);
    socket.off('error', ignore);
    const start = Buffer.concat(opening);
    if (rewriter.transparent) {
      socket.unshift(start);
      inject(socket);
    } else {
      inject(new RewrittenConnection(socket, start, rewrite));
    }
  };
  // A connection that breaks before it has asked for anything is nobody's loss.
  socket.on('error', ignore);
  socket.on('data', receive);
}
