import { X509Certificate } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { createLog } from '@bwki/daemon';
import { afterEach, describe, expect, it } from 'vitest';

import { InMemoryCluster, upTo } from '../../test/in-memory-cluster.ts';
import {
  endAll,
  isStable,
  lifeMs,
  minute,
  names,
  now,
  passes,
  start,
  stateOf,
  toRotation,
} from '../../test/own-certificates.ts';
import { until } from '../../test/until.ts';
import { createMetrics } from '../metrics.ts';
import { ApiFault } from './certificate-api.ts';
import { startOwnCertificates } from './own-certificates.ts';

afterEach(endAll);

describe('B54: own certificates', () => {
  it('are made, kept in the secret and trusted by both configurations before the start is over', async () => {
    const cluster = new InMemoryCluster();
    const certificates = await start(cluster, 'a');
    expect(isStable(cluster, certificates)).toBe(true);
    expect(stateOf(cluster).replicas.get('a')?.serves).toBe(stateOf(cluster).current?.fingerprint);
    const serving = new X509Certificate(certificates.current().cert);
    expect(serving.checkHost('bwki-webhook-svc.bwki.svc')).toBeDefined();
    expect(certificates.current().notAfter.getTime() - now().getTime()).toBeGreaterThan(lifeMs - minute);
  });

  it('are written no more once they stand', async () => {
    const cluster = new InMemoryCluster();
    await start(cluster, 'a');
    const { length } = cluster.writes;
    await sleep(50);
    expect(cluster.writes).toHaveLength(length);
  });

  it('are the same ones for replicas that start at once', async () => {
    const cluster = new InMemoryCluster();
    cluster.delay = upTo(3);
    const replicas = await Promise.all(['a', 'b', 'c'].map((name) => start(cluster, name)));
    await until(() => isStable(cluster, ...replicas));
    expect([...stateOf(cluster).replicas.keys()].sort()).toEqual(['a', 'b', 'c']);
    expect(cluster.writes.filter((write) => write === 'create')).toHaveLength(1);
  });

  it('are taken over by a replica that comes later', async () => {
    const cluster = new InMemoryCluster();
    const first = await start(cluster, 'a');
    const second = await start(cluster, 'b');
    expect(second.current().cert).toBe(first.current().cert);
  });

  it('are the same ones after the secret was deleted', async () => {
    const cluster = new InMemoryCluster();
    const replica = await start(cluster, 'a');
    const { data } = cluster.secret ?? {};
    cluster.secret = undefined;
    await until(() => cluster.secret !== undefined && isStable(cluster, replica));
    expect(cluster.secret).toMatchObject({ data });
  });

  it('are the same ones after the secret was overwritten, whose labels stay', async () => {
    const cluster = new InMemoryCluster();
    const replica = await start(cluster, 'a');
    const { data } = cluster.secret ?? {};
    const metadata = { resourceVersion: 'x', labels: { a: 'b' } };
    cluster.secret = { metadata, type: 'Opaque', data: { 'tls.crt': 'x', other: 'y' } };
    await until(() => isStable(cluster, replica));
    expect(cluster.secret).toMatchObject({ data, type: 'Opaque', metadata: { labels: { a: 'b' } } });
  });

  it('are made anew where those in the secret have expired', async () => {
    const cluster = new InMemoryCluster();
    const first = await start(cluster, 'a');
    const old = first.current();
    await first[Symbol.asyncDispose]();
    passes(2 * lifeMs);
    const second = await start(cluster, 'b');
    expect(isStable(cluster, second)).toBe(true);
    expect(second.current().cert).not.toBe(old.cert);
    expect(second.current().notAfter > now()).toBe(true);
  });

  it('have their CA written again where it was wiped by hand', async () => {
    const cluster = new InMemoryCluster();
    const replica = await start(cluster, 'a');
    cluster.setBundle('ValidatingWebhookConfiguration', '');
    await until(() => isStable(cluster, replica));
  });

  it('B75: have their CA written again at once, not at the next look, and the other writer is named', async () => {
    const cluster = new InMemoryCluster();
    const replica = await start(cluster, 'a', { lookMs: 600_000 });
    cluster.setBundle('MutatingWebhookConfiguration', '', 'argocd-controller');
    cluster.setBundle('ValidatingWebhookConfiguration', 'of somebody else', 'flux');
    await until(() => isStable(cluster, replica));
    expect(cluster.events).toEqual([
      expect.stringMatching(/^MutatingWebhookConfiguration: argocd-controller changed caBundle/),
      expect.stringMatching(/^ValidatingWebhookConfiguration: flux changed caBundle/),
    ]);
  });

  it('B75: do not fight a writer who insists', async () => {
    const cluster = new InMemoryCluster();
    await start(cluster, 'a');
    const { length } = cluster.writes;
    const wipe = setInterval(() => {
      cluster.setBundle('MutatingWebhookConfiguration', '', 'insister');
    }, 2);
    await sleep(400);
    clearInterval(wipe);
    expect(cluster.writes.slice(length)).toEqual(['bundle']);
    expect(cluster.events).toHaveLength(1);
  });

  it('B75: are repaired though no Event can be recorded', async () => {
    const cluster = new InMemoryCluster();
    const replica = await start(cluster, 'a', { lookMs: 600_000 });
    cluster.eventFault = new ApiFault('unavailable', 'Forbidden');
    cluster.setBundle('MutatingWebhookConfiguration', '');
    await until(() => isStable(cluster, replica));
    expect(cluster.events).toEqual([]);
  });

  it('are served before the configurations exist', async () => {
    const cluster = new InMemoryCluster();
    const { configurations } = cluster;
    cluster.configurations = [];
    const replica = await start(cluster, 'a');
    cluster.configurations = configurations;
    await until(() => isStable(cluster, replica));
  });

  it('wait for an API server that is down, at the start and later', async () => {
    const cluster = new InMemoryCluster();
    cluster.fault = new ApiFault('unavailable', 'ECONNREFUSED');
    const starting = start(cluster, 'a');
    await sleep(30);
    cluster.fault = undefined;
    const replica = await starting;
    cluster.fault = new ApiFault('unavailable', 'ECONNREFUSED');
    const old = replica.current().cert;
    passes(toRotation);
    await sleep(30);
    expect(replica.current().cert).toBe(old);
    cluster.fault = undefined;
    await until(() => replica.current().cert !== old && isStable(cluster, replica));
  });

  it('end a start that is given up', async () => {
    const cluster = new InMemoryCluster();
    cluster.fault = new ApiFault('unavailable', 'ECONNREFUSED');
    const options = {
      api: cluster.api,
      names,
      replica: 'a',
      log: createLog('silent', { write: () => undefined }),
      metrics: createMetrics(),
      now,
    };
    const givenUp = new Error('given up');
    const ending = new AbortController();
    setTimeout(() => {
      ending.abort(givenUp);
    }, 20);
    await expect(startOwnCertificates(options, ending.signal)).rejects.toBe(givenUp);
  });
});
