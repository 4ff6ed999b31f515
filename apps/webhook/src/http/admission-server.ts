import type { IncomingMessage, ServerResponse } from 'node:http';
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from 'node:http2';
import { createServer, type Server } from 'node:https';

import type { ServingCertificate } from '../tls/certificate-source.ts';

export interface AdmissionServerOptions {
  readonly certificate: ServingCertificate;
  /** Offers HTTP/2 besides HTTP/1.1. */
  readonly http2: boolean;
  readonly handler: (request: IncomingMessage, response: ServerResponse) => unknown;
}

export interface AdmissionServer {
  readonly server: Server | Http2SecureServer;
  /** Serves another certificate to connections made from now on. */
  serve(certificate: ServingCertificate): void;
  /** Tells HTTP/2 clients to open no more streams; those of HTTP/1.1 are told by each answer. */
  sayGoodbye(): void;
}

/** Above the 90 s after which an API server drops an idle connection, so that it is never ours that closes (B55). */
const keepAliveTimeout = 120_000;

/** An API server waits for 30 s at most; a client that sends more slowly than that is none. */
const requestTimeout = 35_000;

/** The HTTPS server, not yet listening. One certificate for all names: nothing depends on SNI. */
export function createAdmissionServer(options: AdmissionServerOptions): AdmissionServer {
  const { certificate, http2, handler } = options;
  const sessions = new Set<ServerHttp2Session>();
  const server = http2
    ? http2Server(secureOptions(certificate), sessions)
    : createServer(secureOptions(certificate));
  // Set, not given as options: the HTTP/2 server takes them for its HTTP/1.1 connections in this way alone.
  Object.assign(server, { keepAliveTimeout, requestTimeout });
  // The HTTP/2 server's requests look like those of HTTP/1.1, which Koa relies on.
  (server as Server).on('request', handler);
  server.on('tlsClientError', () => undefined);
  return {
    server,
    serve: (next) => {
      server.setSecureContext(secureOptions(next));
    },
    sayGoodbye: () => {
      for (const session of sessions) session.close();
    },
  };
}

function http2Server(
  options: ReturnType<typeof secureOptions>,
  sessions: Set<ServerHttp2Session>,
): Http2SecureServer {
  const server = createSecureServer({ ...options, allowHTTP1: true });
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
  });
  return server;
}

function secureOptions({ cert, key }: ServingCertificate): {
  readonly cert: string;
  readonly key: string;
  readonly minVersion: 'TLSv1.2';
} {
  return { cert, key, minVersion: 'TLSv1.2' };
}
