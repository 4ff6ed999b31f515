import { createServer } from 'node:net';

import { expect, it } from 'vitest';

import { closeServer } from './close-server.ts';
import { listen } from './listen.ts';
import { clientHost, listeningAddress } from './listening-address.ts';

it.each(['127.0.0.1', '0.0.0.0'])('a log has the address that was asked for: %s', async (host) => {
  const server = createServer();
  const port = await listen(server, { host, port: 0, portOption: '--port' });
  expect(listeningAddress(server)).toBe(`${host}:${port}`);
  await closeServer(server, 0);
});

it.each([
  [undefined, '127.0.0.1'],
  ['0.0.0.0', '127.0.0.1'],
  ['::', '127.0.0.1'],
  ['192.0.2.1', '192.0.2.1'],
  ['::1', '[::1]'],
])('a client calls a server at %s by %s', (host, client) => {
  expect(clientHost(host)).toBe(client);
});
