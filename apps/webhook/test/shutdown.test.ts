import { createServer } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { buffer } from 'node:stream/consumers';
import { connect, type TLSSocket } from 'node:tls';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { createLog, StartFault } from '@bwki/daemon';
import { ok, type Result } from '@bwki/plain-data';
import { describe, expect, it } from 'vitest';

import { startWebhook } from '../src/start-webhook.ts';
import { standaloneOptions } from '../src/webhook-options.ts';
import type { TokenFault } from '../src/admission/token-copies.ts';
import { gpuPod, reviewOf } from './review.ts';
import { standalone } from './standalone.ts';
import { WebhookClient } from './webhook-client.ts';

const body = JSON.stringify(reviewOf(gpuPod()));

describe('B55: connections', () => {
  it('B55: an idle connection outlives the 90 s of an API server', async () => {
    await using ours = await standalone();
    const { headers } = await ours.client.send('/mutate', body);
    const seconds = Number(/timeout=(\d+)/.exec(String(headers['keep-alive']))?.[1]);
    expect(seconds).toBeGreaterThan(90);
  });

  it('B55: the end is announced, drained and only then carried out', async () => {
    const waiting = Promise.withResolvers<undefined>();
    const release = Promise.withResolvers<undefined>();
    const ensure = async (): Promise<Result<void, TokenFault>> => {
      waiting.resolve(undefined);
      await release.promise;
      return ok(undefined);
    };
    const log = createLog('silent', { write: () => undefined });
    const options = { ...standaloneOptions, drainMs: 300 };
    const webhook = await startWebhook(options, { log, tokenCopies: { ensure } });
    const ready = async (): Promise<number> => (await fetch(`${webhook.healthUrl}/readyz`)).status;
    expect(await ready()).toBe(200);
    using client = new WebhookClient(webhook);
    const slow = client.send('/mutate', body);
    await waiting.promise;

    const closed = webhook[Symbol.asyncDispose]();
    expect(await ready()).toBe(503);
    const during = await client.send('/validate', body);
    expect({ status: during.status, connection: during.headers['connection'] }).toEqual({
      status: 200,
      connection: 'close',
    });
    await sleep(400);
    await expect(client.send('/validate', body)).rejects.toThrow(/ECONNREFUSED/);
    release.resolve(undefined);
    expect((await slow).status).toBe(200);
    await closed;
    await expect(fetch(`${webhook.healthUrl}/readyz`)).rejects.toThrow();
  });

  it('B55: what is still not answered after the grace is cut off', async () => {
    const log = createLog('silent', { write: () => undefined });
    const ensure = (): Promise<never> => new Promise(() => undefined);
    const webhook = await startWebhook(
      { ...standaloneOptions, graceMs: 100 },
      { log, tokenCopies: { ensure } },
    );
    using client = new WebhookClient(webhook);
    const stuck = client.send('/mutate?timeout=30s', body).catch((error: unknown) => error);
    await sleep(100);
    await webhook[Symbol.asyncDispose]();
    expect(await stuck).toBeInstanceOf(Error);
  });

  it.each(['--port', '--healthPort'])(
    'B55: a %s that is in use is said, and nothing stays open',
    async (option) => {
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const { port } = other.address() as { port: number };
      const change = option === '--port' ? { port } : { healthPort: port };
      const log = createLog('silent', { write: () => undefined });
      const start = startWebhook({ ...standaloneOptions, ...change }, { log });
      await expect(start).rejects.toThrow(StartFault);
      await expect(start).rejects.toThrow(`${option}: 127.0.0.1:${port} is in use: stop what listens there`);
      other.close();
    },
  );

  it.each([
    [false, 'http/1.1'],
    [true, 'h2'],
  ])('B55: HTTP/2 is offered: %s', async (http2, protocol) => {
    await using ours = await standalone({ http2 });
    const socket = await handshake(ours.webhook.url, ours.webhook.caBundle, ['h2', 'http/1.1']);
    expect(socket.alpnProtocol).toBe(protocol);
    socket.destroy();
    const { status, headers } = await ours.client.send('/mutate', body);
    expect({ status, keepAlive: headers['keep-alive'] }).toEqual({ status: 200, keepAlive: 'timeout=120' });
  });

  it('B55: over HTTP/2 a stream that is open is answered, and the client is told to go elsewhere', async () => {
    const waiting = Promise.withResolvers<undefined>();
    const release = Promise.withResolvers<undefined>();
    const ensure = async (): Promise<Result<void, TokenFault>> => {
      waiting.resolve(undefined);
      await release.promise;
      return ok(undefined);
    };
    const log = createLog('silent', { write: () => undefined });
    const webhook = await startWebhook(
      { ...standaloneOptions, http2: true },
      { log, tokenCopies: { ensure } },
    );
    const session = connectHttp2(webhook.url, { ca: webhook.caBundle });
    const goodbye = once(session, 'goaway');
    const stream = session.request({
      ':method': 'POST',
      ':path': '/mutate?timeout=10s',
      'content-type': 'application/json',
    });
    stream.end(body);
    await waiting.promise;
    const closed = webhook[Symbol.asyncDispose]();
    await goodbye;
    release.resolve(undefined);
    expect((await buffer(stream)).toString()).toMatch(/"allowed":true,"patchType"/);
    await closed;
  });

  it('B54: there is nothing below TLS 1.2', async () => {
    await using ours = await standalone();
    const { port } = new URL(ours.webhook.url);
    const socket = connect({
      port: Number(port),
      host: '127.0.0.1',
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1',
    });
    await expect(once(socket, 'secureConnect')).rejects.toThrow();
  });
});

async function handshake(url: string, ca: string, ALPNProtocols: string[]): Promise<TLSSocket> {
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', ca, ALPNProtocols });
  await once(socket, 'secureConnect');
  return socket;
}
