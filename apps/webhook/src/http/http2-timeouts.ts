import {
  constants,
  type Http2SecureServer,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';

export interface Http2Timeouts {
  /** From the head of a request to the end of its body, and from a new session to its first request. */
  readonly requestMs: number;
  /** From the head of a request to the end of its answer. */
  readonly answerMs: number;
  /** How long a session without requests is kept. */
  readonly idleMs: number;
  readonly checkMs: number;
}

interface Session {
  readonly streams: Map<ServerHttp2Stream, number>;
  idleSince: number;
  hadRequest: boolean;
}

/**
 * Ends HTTP/2 requests and sessions that take too long, as Node does for HTTP/1.1 alone. Frames do not count as
 * activity: a header block that never ends shows in no event, and a PING says nothing.
 *
 * @returns the sessions there are
 */
export function limitHttp2Times(
  server: Http2SecureServer,
  timeouts: Http2Timeouts,
): { keys(): Iterable<ServerHttp2Session> } {
  const { requestMs, answerMs, idleMs, checkMs } = timeouts;
  const sessions = new Map<ServerHttp2Session, Session>();
  server.on('session', (http2Session) => {
    const session: Session = { streams: new Map(), idleSince: performance.now(), hadRequest: false };
    sessions.set(http2Session, session);
    http2Session.on('close', () => sessions.delete(http2Session));
    http2Session.on('stream', (stream) => {
      session.hadRequest = true;
      session.streams.set(stream, performance.now());
      stream.once('close', () => {
        session.streams.delete(stream);
        session.idleSince = performance.now();
      });
    });
  });
  const timer = setInterval(() => {
    const now = performance.now();
    for (const [http2Session, { streams, idleSince, hadRequest }] of sessions) {
      for (const [stream, start] of streams) {
        const limit = stream.readableEnded ? answerMs : requestMs;
        if (now - start > limit) stream.close(constants.NGHTTP2_CANCEL);
      }
      if (streams.size === 0 && now - idleSince > (hadRequest ? idleMs : requestMs)) http2Session.destroy();
    }
  }, checkMs);
  timer.unref();
  server.once('close', () => {
    clearInterval(timer);
  });
  return sessions;
}
