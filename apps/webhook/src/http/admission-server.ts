import type { IncomingMessage, ServerResponse } from 'node:http';
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from 'node:http2';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';

import type { ServingCertificate } from '../tls/certificate-source.ts';
import { ConnectionLimit } from './connection-limit.ts';
import { limitHttp2Times } from './http2-timeouts.ts';
import { serverLimits, type ServerLimits } from './server-limits.ts';

export interface AdmissionServerOptions {
  readonly certificate: ServingCertificate;
  /** PEM: who signs the certificates that clients have to show. Undefined where any client is answered. */
  readonly clientCa?: string | undefined;
  /** Offers HTTP/2 besides HTTP/1.1. */
  readonly http2: boolean;
  readonly handler: (request: IncomingMessage, response: ServerResponse) => unknown;
  readonly limits?: ServerLimits | undefined;
}

export interface AdmissionServer {
  readonly server: Server | Http2SecureServer;
  /** Serves another certificate, and asks for those of another CA, on connections made from now on. */
  serve(certificate: ServingCertificate, clientCa: string | undefined): void;
  /** Tells HTTP/2 clients to open no more streams; those of HTTP/1.1 are told by each answer. */
  sayGoodbye(): void;
}

/** The HTTPS server, not yet listening. One certificate for all names: nothing depends on SNI. */
export function createAdmissionServer(options: AdmissionServerOptions): AdmissionServer {
  const { certificate, clientCa, http2, handler, limits = serverLimits } = options;
  const tls = {
    ...secureOptions(certificate, clientCa),
    requestCert: clientCa !== undefined,
    rejectUnauthorized: clientCa !== undefined,
    handshakeTimeout: limits.handshakeMs,
  };
  const { server, sessions } = http2
    ? http2Server(tls, limits)
    : { server: createServer(tls), sessions: new Map<ServerHttp2Session, unknown>() };
  // Set, not given as options: the HTTP/2 server takes them for its HTTP/1.1 connections in this way alone.
  Object.assign(server, {
    timeout: limits.idleMs,
    keepAliveTimeout: limits.idleMs,
    requestTimeout: limits.requestMs,
    headersTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.checkMs,
  });
  const connections = new ConnectionLimit(limits.connections);
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
  });
  // The HTTP/2 server's requests look like those of HTTP/1.1, which Koa relies on.
  (server as Server).on('request', (request: IncomingMessage, response: ServerResponse) => {
    const connection = connections.of(request.socket);
    if (connection !== undefined) {
      request.once('end', () => {
        connection.deciding();
        response.once('close', () => {
          connection.answered(response.statusCode === 200);
        });
      });
    }
    handler(request, response);
  });
  server.on('tlsClientError', () => undefined);
  return {
    server,
    serve: (next, nextCa) => {
      server.setSecureContext(secureOptions(next, nextCa));
    },
    sayGoodbye: () => {
      for (const session of sessions.keys()) session.close();
    },
  };
}

interface TlsOptions extends ReturnType<typeof secureOptions> {
  readonly requestCert: boolean;
  readonly rejectUnauthorized: boolean;
  readonly handshakeTimeout: number;
}

function http2Server(
  tls: TlsOptions,
  limits: ServerLimits,
): { server: Http2SecureServer; sessions: { keys(): Iterable<ServerHttp2Session> } } {
  const server = createSecureServer({
    ...tls,
    allowHTTP1: true,
    settings: {
      enablePush: false,
      maxConcurrentStreams: limits.streams,
      initialWindowSize: limits.windowBytes,
      maxHeaderListSize: limits.headerBytes,
    },
    maxSessionMemory: limits.sessionMegabytes,
    streamResetBurst: limits.resetBurst,
    streamResetRate: limits.resetsPerSecond,
  });
  return { server, sessions: limitHttp2Times(server, limits) };
}

function secureOptions(
  { cert, key }: ServingCertificate,
  clientCa: string | undefined,
): {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string;
  readonly minVersion: 'TLSv1.2';
} {
  return { cert, key, ...(clientCa !== undefined && { ca: clientCa }), minVersion: 'TLSv1.2' };
}
