import { once } from 'node:events';
import { createServer as createHttp2Server, type ServerHttp2Stream } from 'node:http2';
import { createServer, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';

import { acceptAnyAuthority, type ConnectionFault } from '../../../src/authority/index.ts';
import { temporarySocket } from './temporary-socket.ts';

/** What reached the server of one stream; names and values in turn. */
export interface SeenStream {
  readonly headers: readonly string[];
  readonly body: string;
  readonly trailers: readonly string[];
}

export interface RecordingServer extends AsyncDisposable {
  readonly path: string;
  /** By stream id, of the newest connection. */
  readonly seen: ReadonlyMap<number, SeenStream>;
  /** For each connection that was handed over, whether it was the very socket. */
  readonly untouched: readonly boolean[];
  readonly faults: readonly ConnectionFault[];
}

type Answer = (stream: ServerHttp2Stream) => void;

/** Ends each stream with a 200 once the client has ended it. */
const endWith200: Answer = (stream) => {
  stream.respond({ ':status': 200 }, { endStream: true });
};

/**
 * Node's HTTP/2 server, and what it is shown.
 *
 * @param accept false: the bare server, without anything in front
 */
export async function recordingServer(
  settings: { readonly answer?: Answer; readonly accept?: boolean } = {},
): Promise<RecordingServer> {
  const { answer = endWith200, accept = true } = settings;
  const seen = new Map<number, SeenStream>();
  const untouched: boolean[] = [];
  const faults: ConnectionFault[] = [];
  const open = new Set<Socket>();

  const http2 = createHttp2Server();
  http2.on('session', () => {
    seen.clear();
  });
  http2.on('stream', (stream: ServerHttp2Stream, _headers, _flags, rawHeaders) => {
    let trailers: string[] = [];
    stream.on('trailers', (_trailers: unknown, _trailerFlags: unknown, raw: string[]) => {
      trailers = raw;
    });
    // A client that goes away is part of the tests.
    stream.on('error', () => undefined);
    buffer(stream).then(
      (body) => {
        seen.set(stream.id ?? 0, { headers: rawHeaders, body: body.toString(), trailers });
        if (!stream.destroyed) answer(stream);
      },
      () => undefined,
    );
  });
  const listening = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    if (!accept) http2.emit('connection', socket);
    else {
      acceptAnyAuthority(
        socket,
        (connection) => {
          untouched.push(connection === socket);
          http2.emit('connection', connection);
        },
        { onFault: (fault) => faults.push(fault) },
      );
    }
  });
  const { path, ...directory } = await temporarySocket();
  listening.listen(path);
  await once(listening, 'listening');
  return {
    path,
    seen,
    untouched,
    faults,
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy();
      listening.close();
      await once(listening, 'close');
      await directory[Symbol.asyncDispose]();
    },
  };
}
