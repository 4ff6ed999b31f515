import { Counter, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';

import { closeServer } from './close-server.ts';
import { healthServer, type Health } from './health-server.ts';
import { listen } from './listen.ts';

async function get(path: string, health: Partial<Health> = {}): Promise<[number, string, string | null]> {
  const server = healthServer({ registry: new Registry(), unready: () => [], ...health });
  const port = await listen(server, { host: '127.0.0.1', port: 0, portOption: '--healthPort' });
  try {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return [response.status, await response.text(), response.headers.get('content-type')];
  } finally {
    await closeServer(server, 1000);
  }
}

describe('the health port', () => {
  it('B57: /healthz and /readyz each say what is wrong', async () => {
    const plain = 'text/plain; charset=utf-8';
    expect(await get('/healthz')).toEqual([200, 'ok\n', plain]);
    expect(await get('/readyz?verbose')).toEqual([200, 'ok\n', plain]);
    const faults: Partial<Health> = { unhealthy: () => ['not registered'], unready: () => ['a', 'b'] };
    expect(await get('/healthz', faults)).toEqual([503, 'not registered\n', plain]);
    expect(await get('/readyz', faults)).toEqual([503, 'a\nb\n', plain]);
  });

  it('B57: /metrics prints the registry', async () => {
    const registry = new Registry();
    new Counter({ name: 'seen_total', help: 'Seen.', registers: [registry] }).inc();
    const [status, text, type] = await get('/metrics', { registry });
    expect([status, type]).toEqual([200, registry.contentType]);
    expect(text).toContain('\nseen_total 1\n');
  });

  it('anything else is 404 with what there is', async () => {
    const [status, text] = await get('/');
    expect([status, text]).toEqual([404, 'GET /healthz, /readyz and /metrics are all there is\n']);
  });
});
