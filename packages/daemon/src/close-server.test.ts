import { createServer } from 'node:http';

import { describe, expect, it } from 'vitest';

import { closeServer } from './close-server.ts';
import { listen } from './listen.ts';

describe('closing a server', () => {
  it('B55: a request that is under way is answered', async () => {
    const asked = Promise.withResolvers<() => void>();
    const server = createServer((_request, response) => {
      asked.resolve(() => response.end('late'));
    });
    const port = await listen(server, { host: '127.0.0.1', port: 0, portOption: '--port' });
    const answer = fetch(`http://127.0.0.1:${port}/`).then((response) => response.text());
    const respond = await asked.promise;
    const closed = closeServer(server, 60_000);
    respond();
    expect(await answer).toBe('late');
    await closed;
  });

  it('B55: one that takes longer than its grace is cut off', async () => {
    const asked = Promise.withResolvers<undefined>();
    const server = createServer(() => {
      asked.resolve(undefined);
    });
    const port = await listen(server, { host: '127.0.0.1', port: 0, portOption: '--port' });
    const answer = fetch(`http://127.0.0.1:${port}/`).then(
      () => 'answered',
      () => 'cut off',
    );
    await asked.promise;
    await closeServer(server, 50);
    expect(await answer).toBe('cut off');
  });
});
