import type { Server as HttpServer } from 'node:http';
import type { Server } from 'node:net';

/** What a server of HTTP/1.1 has, and one of HTTP/2 only where it takes HTTP/1.1 too. */
type ConnectionControl = Partial<Pick<HttpServer, 'closeIdleConnections' | 'closeAllConnections'>>;

/**
 * Ends a server once the requests that it has taken are answered; those that take longer than `graceMs` are cut
 * off.
 */
export async function closeServer(server: Server, graceMs: number): Promise<void> {
  const connections = server as Server & ConnectionControl;
  const timer = setTimeout(() => connections.closeAllConnections?.(), graceMs);
  try {
    await new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
      connections.closeIdleConnections?.();
    });
  } finally {
    clearTimeout(timer);
  }
}
