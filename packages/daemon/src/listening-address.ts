import type { AddressInfo, Server } from 'node:net';

/** Where a server listens, for a log: `[::]:8443` for all addresses of a machine. Not for one at a Unix socket. */
export function listeningAddress(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

/** As whom a client of this machine calls it, since an address of all interfaces is none: `127.0.0.1`, `[::1]`. */
export function clientHost(host: string | undefined): string {
  if (host === undefined || host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
