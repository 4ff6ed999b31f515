/** What clients may take of the server. Times in milliseconds. */
export interface ServerLimits {
  readonly handshakeMs: number;
  /** For the head of a request, and for the whole request; each from its first byte. */
  readonly requestMs: number;
  /** From the first byte of a request to the last of its answer. */
  readonly answerMs: number;
  readonly idleMs: number;
  /** How often the times are compared with the limits. */
  readonly checkMs: number;
  readonly connections: number;
  /** Bytes of an HTTP/2 request's head; of HTTP/1.1 Node takes 16 KiB. */
  readonly headerBytes: number;
  /** HTTP/2 requests at once on one connection. */
  readonly streams: number;
  /** Bytes that an HTTP/2 client may send of a request before the server has read some of them. */
  readonly windowBytes: number;
  /** Memory that Node lets an HTTP/2 connection take for headers and for data that was not read or sent yet. */
  readonly sessionMegabytes: number;
  /** HTTP/2 requests that a client may break off: so many at once, and so many more each second. */
  readonly resetBurst: number;
  readonly resetsPerSecond: number;
}

export const serverLimits: ServerLimits = {
  handshakeMs: 10_000,
  // An API server waits for 30 s at most.
  requestMs: 35_000,
  answerMs: 70_000,
  // Above the 90 s after which an API server drops an idle connection, so that the server is never the first.
  idleMs: 120_000,
  checkMs: 1000,
  // An API server has about 30 for 16 requests at once (docs/adr/0015-http-1-1-for-the-api-server.md).
  connections: 512,
  headerBytes: 16 * 1024,
  streams: 32,
  windowBytes: 16 * 1024,
  sessionMegabytes: 2,
  resetBurst: 200,
  resetsPerSecond: 33,
};
