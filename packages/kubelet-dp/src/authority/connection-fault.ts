/**
 * Why a connection was closed, or was not had:
 *
 * - `frame`: the bytes are not HTTP/2 frames in an order that HTTP/2 allows;
 * - `header-compression`: a header block is not HPACK;
 * - `header-size`: a header block is longer than is taken, packed or unpacked;
 * - `accept`: the operating system gave no connection, for want of file descriptors for instance.
 */
export type ConnectionFaultKind = 'frame' | 'header-compression' | 'header-size' | 'accept';

/** A fault of one connection; the listener and the other connections go on. */
export class ConnectionFault extends Error {
  override readonly name = 'ConnectionFault';
  readonly kind: ConnectionFaultKind;

  constructor(kind: ConnectionFaultKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
