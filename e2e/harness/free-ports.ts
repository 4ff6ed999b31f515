import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** `count` different TCP ports that nothing listened on, on loopback, a moment ago. */
export async function freePorts(count: number): Promise<readonly number[]> {
  // All are held at once, so that none is given twice.
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
