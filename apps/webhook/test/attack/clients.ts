import { once } from 'node:events';
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { Agent, request } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { connect, type TLSSocket } from 'node:tls';
import type { IncomingMessage } from 'node:http';

const host = '127.0.0.1';

/** A TLS connection whose end is not an error: the webhook may close it at any time. */
export async function open(port: number, protocol = 'http/1.1'): Promise<TLSSocket> {
  const socket = connect({ port, host, rejectUnauthorized: false, ALPNProtocols: [protocol] });
  socket.on('error', () => undefined).resume();
  await Promise.race([once(socket, 'secureConnect'), once(socket, 'close')]);
  return socket;
}

export async function openAll(port: number, count: number, protocol?: string): Promise<readonly TLSSocket[]> {
  const sockets: TLSSocket[] = [];
  while (sockets.length < count) {
    const batch = Array.from({ length: Math.min(20, count - sockets.length) }, () => open(port, protocol));
    sockets.push(...(await Promise.all(batch)));
  }
  return sockets;
}

export function openHttp2(port: number): ClientHttp2Session {
  const session = connectHttp2(`https://${host}:${port}`, { rejectUnauthorized: false });
  session.on('error', () => undefined);
  return session;
}

/** Status and first words of the answer to a body, or why there is none. */
export async function sendBody(
  port: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const sent = request({
    host,
    port,
    path: '/mutate',
    method: 'POST',
    rejectUnauthorized: false,
    agent: new Agent(),
    headers: {
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(body)),
      ...headers,
    },
  });
  try {
    sent.end(body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return wordsOf(String(response.statusCode), (await buffer(response)).toString());
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    // Errors that come after the answer tell nothing more.
    sent.on('error', () => undefined);
  }
}

export async function sendHttp2Body(port: number, body: string | Buffer): Promise<string> {
  const session = openHttp2(port);
  try {
    const stream = session.request({
      ':method': 'POST',
      ':path': '/mutate',
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    });
    stream.on('error', () => undefined).end(body);
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
    return wordsOf(String(headers[':status']), (await buffer(stream)).toString());
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    session.destroy();
  }
}

function wordsOf(status: string, text: string): string {
  const allowed = /"allowed":(?:true|false)/.exec(text)?.[0];
  return `${status} ${allowed ?? text.slice(0, 50).trim()}`;
}
