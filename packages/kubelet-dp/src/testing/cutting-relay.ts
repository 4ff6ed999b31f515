import { createConnection, createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';

/**
 * A way to a plugin's socket that breaks: both sides at once when the plugin has sent `afterBytes`, which are still
 * passed on. It is on loopback, since the plugin may watch its directory, serves one connection, and ends with it.
 * Gives what to dial: `127.0.0.1:40123`.
 */
export async function startCuttingRelay(socketPath: string, afterBytes: number): Promise<string> {
  const server: Server = createServer((inside) => {
    server.close();
    const outside = createConnection(socketPath);
    const cut = (): void => {
      inside.destroy();
      outside.destroy();
    };
    for (const socket of [inside, outside]) socket.on('error', cut).on('close', cut);
    inside.pipe(outside);
    let left = afterBytes;
    outside.on('data', (chunk) => {
      const bytes = Buffer.from(chunk);
      const passed = bytes.subarray(0, left);
      left -= passed.length;
      inside.write(passed, () => {
        if (left === 0) cut();
      });
    });
  });
  server.unref().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return `127.0.0.1:${port}`;
}
