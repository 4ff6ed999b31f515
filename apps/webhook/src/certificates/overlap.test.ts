import { X509Certificate } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, describe, expect, it } from 'vitest';

import { InMemoryCluster, upTo } from '../../test/in-memory-cluster.ts';
import {
  endAll,
  isStable,
  minute,
  names,
  now,
  passes,
  settleMs,
  start,
  stateOf,
  toRotation,
} from '../../test/own-certificates.ts';
import { until } from '../../test/until.ts';
import { createMetrics } from '../metrics.ts';
import { ApiFault } from './certificate-api.ts';
import { replicasAnnotation } from './certificate-state.ts';

afterEach(endAll);

describe('B54: certificates that rotate', () => {
  it('rotate under two replicas, an API server that lags, and slow calls, without a call that would fail', async () => {
    const cluster = new InMemoryCluster();
    cluster.delay = upTo(2);
    const lagging = new Map<string, string>();
    cluster.onBundle = (kind, bundle) => setTimeout(() => lagging.set(kind, bundle), Math.random() * 25);
    const replicas = await Promise.all([start(cluster, 'a'), start(cluster, 'b')]);
    await until(() => isStable(cluster, ...replicas));
    await sleep(settleMs);
    let calls = 0;
    const failures: string[] = [];
    const call = (): void => {
      for (const [index, replica] of replicas.entries()) {
        const serving = new X509Certificate(replica.current().cert);
        for (const [kind, bundle] of lagging) {
          calls += 1;
          const authorities = bundle.split(/(?=-----BEGIN)/).map((pem) => new X509Certificate(pem));
          if (!authorities.some((ca) => serving.verify(ca.publicKey))) failures.push(`${kind} ${index}`);
        }
      }
    };
    const calling = setInterval(call, 3);
    const served = new Set<string>();
    for (let rotation = 0; rotation < 12; rotation += 1) {
      const before = stateOf(cluster).current?.fingerprint;
      passes(toRotation);
      await until(() => stateOf(cluster).current?.fingerprint !== before && isStable(cluster, ...replicas));
      served.add(replicas[0].current().cert);
    }
    clearInterval(calling);
    expect(failures).toEqual([]);
    expect(calls).toBeGreaterThan(500);
    expect(served.size).toBe(12);
  });

  it('keep the CA before while a replica is silent, until it counts as dead', async () => {
    const cluster = new InMemoryCluster();
    const replica = await start(cluster, 'a');
    const old = stateOf(cluster);
    passes(toRotation);
    const death = async (): Promise<void> => {
      const { secret } = cluster;
      if (secret === undefined || old.current === undefined) throw new Error('no secret');
      const until = new Date(now().getTime() + 15 * minute);
      const killed = { serves: old.current.fingerprint, seen: now(), until };
      const text = JSON.stringify({ ...Object.fromEntries(stateOf(cluster).replicas), killed });
      const metadata = { ...secret.metadata, annotations: { [replicasAnnotation]: text } };
      await cluster.api.replaceSecret({ ...secret, metadata }, AbortSignal.timeout(1000));
    };
    await death();
    await until(() => replica.current().cert !== old.current?.cert);
    await sleep(3 * settleMs);
    expect(stateOf(cluster).previousCa?.pem).toBe(old.current?.ca);
    expect(cluster.bundles()[0]).toContain(old.current?.ca);
    passes(14 * minute);
    await sleep(3 * settleMs);
    expect(stateOf(cluster).previousCa).toBeDefined();
    passes(2 * minute);
    await until(() => isStable(cluster, replica));
    expect([...stateOf(cluster).replicas.keys()]).toEqual(['a']);
  });

  it('are finished by a replica that finds a rotation half done', async () => {
    const cluster = new InMemoryCluster();
    const first = await start(cluster, 'a', { settleMs: 10 * minute });
    const old = first.current().cert;
    passes(toRotation);
    await until(() => stateOf(cluster).next !== undefined);
    await first[Symbol.asyncDispose]();
    const second = await start(cluster, 'b');
    expect(second.current().cert).toBe(old);
    await until(() => second.current().cert !== old && isStable(cluster, second));
  });

  it('come back to the secret in the middle of a rotation', async () => {
    const cluster = new InMemoryCluster();
    const replicas = await Promise.all([start(cluster, 'a'), start(cluster, 'b')]);
    const old = stateOf(cluster).current;
    passes(toRotation);
    await until(() => stateOf(cluster).next !== undefined);
    const { next } = stateOf(cluster);
    cluster.secret = undefined;
    await until(() => cluster.secret !== undefined && isStable(cluster, ...replicas));
    expect(next?.fingerprint).toBeDefined();
    expect(stateOf(cluster).current?.fingerprint).not.toBe(old?.fingerprint);
  });

  it('do not go on with a rotation while the CA is not in every bundle', async () => {
    const cluster = new InMemoryCluster();
    const replica = await start(cluster, 'a');
    const old = replica.current().cert;
    cluster.bundleFault = new ApiFault('unavailable', 'HTTP 403');
    passes(toRotation);
    await until(() => stateOf(cluster).next !== undefined);
    await sleep(3 * settleMs);
    expect(replica.current().cert).toBe(old);
    cluster.bundleFault = undefined;
    await until(() => replica.current().cert !== old && isStable(cluster, replica));
  });

  it('tell of a change, to those who still listen, and count it', async () => {
    const cluster = new InMemoryCluster();
    const metrics = createMetrics();
    const replica = await start(cluster, 'a', { metrics });
    const heard: string[] = [];
    replica.onChange(({ cert }) => heard.push(cert));
    replica.onChange(() => heard.push('never'))[Symbol.dispose]();
    passes(toRotation);
    await until(() => heard.length > 0);
    expect(heard).toEqual([replica.current().cert]);
    expect((await metrics.certificateReloads.get()).values).toMatchObject([
      { labels: { outcome: 'loaded' }, value: 2 },
      { labels: { outcome: 'refused' }, value: 0 },
    ]);
  });

  it('are rotated for names that were added', async () => {
    const cluster = new InMemoryCluster();
    const first = await start(cluster, 'a');
    await first[Symbol.asyncDispose]();
    const second = await start(cluster, 'a', { names: [...names, '192.0.2.1'] });
    await until(() => new X509Certificate(second.current().cert).checkIP('192.0.2.1') !== undefined);
  });

  it('do not wait for a replica that ended in peace', async () => {
    const cluster = new InMemoryCluster();
    const [first] = await Promise.all([start(cluster, 'a'), start(cluster, 'b')]);
    await first[Symbol.asyncDispose]();
    expect([...stateOf(cluster).replicas.keys()]).toEqual(['b']);
  });
});
