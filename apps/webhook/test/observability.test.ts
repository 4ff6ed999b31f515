import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { createMetrics } from '../src/metrics.ts';
import { gpuContainer, gpuPod, plainPod, reviewOf } from './review.ts';
import { standalone } from './standalone.ts';

describe('B57: logs', () => {
  it('B57: one line a decision, with what a reader looks for', async () => {
    await using ours = await standalone();
    await ours.client.review('/mutate', reviewOf(gpuPod()));
    await ours.client.review('/mutate', reviewOf(gpuPod('nonsense'), { dryRun: true, name: '' }));
    await ours.client.review('/validate', reviewOf(plainPod, { operation: 'DELETE' }));
    await ours.client.send('/validate', '{');
    const lines = ours.lines().filter(({ msg }) => msg === 'admission');
    const common = {
      level: 'info',
      uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
      namespace: 'team-vision',
      pod: 'train-0',
    };
    expect(lines).toEqual(
      [
        { ...common, webhook: 'mutate', operation: 'CREATE', dryRun: false, outcome: 'mutated', units: 50 },
        {
          ...common,
          webhook: 'mutate',
          operation: 'CREATE',
          dryRun: true,
          outcome: 'denied',
          units: 0,
          codes: ['SPEC_MODE_UNSUPPORTED'],
        },
        { ...common, webhook: 'validate', operation: 'DELETE', dryRun: false, outcome: 'ignored', units: 0 },
        {
          level: 'warn',
          webhook: 'validate',
          outcome: 'rejected',
          status: 400,
          detail: 'the body is not JSON: fault at position 1',
        },
      ].map((line) => ({
        ...line,
        msg: 'admission',
        time: expect.any(String) as unknown,
        ms: expect.any(Number) as unknown,
      })),
    );
  });

  it.each([
    [undefined, /^(\[::\]|0\.0\.0\.0):\d+$/],
    ['127.0.0.1', /^127\.0\.0\.1:\d+$/],
  ])('B57: say where it listens, with the host %s', async (host, address) => {
    await using ours = await standalone({ host });
    const [listening] = ours.lines().filter(({ msg }) => msg === 'listening');
    for (const [key, url] of Object.entries({ url: ours.webhook.url, healthUrl: ours.webhook.healthUrl })) {
      const said = new URL(String(listening?.[key]));
      expect(said.host).toMatch(address);
      expect(said.port).toBe(new URL(url).port);
      expect(new URL(url).hostname).toBe('127.0.0.1');
    }
  });

  it('B57: neither an env value nor a text of the body gets into the log', async () => {
    await using ours = await standalone();
    const env = [{ name: 's3cret-name', value: 's3cret' }];
    const faulty = gpuPod('s3cret', {
      ...gpuContainer,
      env,
      command: ['s3cret'],
      resources: { limits: { 'bitfusion.io/gpu-amount': 's3cret' } },
    });
    for (const path of ['/mutate', '/validate']) {
      await ours.client.send(path, JSON.stringify(reviewOf(gpuPod('all', { ...gpuContainer, env }))));
      await ours.client.send(path, JSON.stringify(reviewOf(faulty)));
      await ours.client.send(path, '{"kind":"s3cret"s3cret');
      await ours.client.send(path, JSON.stringify({ kind: 's3cret', apiVersion: 's3cret' }));
    }
    expect(ours.lines().length).toBeGreaterThan(8);
    expect(JSON.stringify(ours.lines())).not.toMatch(/s3cret/);
  });
});

describe('B57: metrics', () => {
  it('B57: every request is counted once, by endpoint and outcome', async () => {
    await using ours = await standalone();
    await ours.client.review('/mutate', reviewOf(gpuPod()));
    await ours.client.review('/mutate', reviewOf(plainPod));
    await ours.client.review('/mutate', reviewOf(gpuPod('nonsense')));
    await ours.client.send('/mutate', 'x');
    await ours.client.review('/validate', reviewOf(plainPod));
    await ours.client.review('/validate', reviewOf(plainPod, { operation: 'CONNECT' }));
    const text = await (await fetch(`${ours.webhook.healthUrl}/metrics`)).text();
    const counted = text.split('\n').filter((line) => /^bwki_admission_requests_total\{.* [1-9]/.test(line));
    expect(counted.sort()).toEqual([
      'bwki_admission_requests_total{webhook="mutate",outcome="denied"} 1',
      'bwki_admission_requests_total{webhook="mutate",outcome="mutated"} 1',
      'bwki_admission_requests_total{webhook="mutate",outcome="rejected"} 1',
      'bwki_admission_requests_total{webhook="mutate",outcome="unchanged"} 1',
      'bwki_admission_requests_total{webhook="validate",outcome="allowed"} 1',
      'bwki_admission_requests_total{webhook="validate",outcome="ignored"} 1',
    ]);
    expect(text).toContain('bwki_admission_duration_seconds_count{webhook="mutate"} 4');
    expect(text).toContain('bwki_admission_duration_seconds_count{webhook="validate"} 2');
  });

  it('B57: what may happen is counted from 0 on, so that the first time is an increase', async () => {
    const text = await createMetrics().registry.metrics();
    const zeros = text.split('\n').filter((line) => /^bwki_\w+(?<!_sum|_bucket)\{[^}]*\} 0$/.test(line));
    expect(zeros).toMatchInlineSnapshot(`
      [
        "bwki_admission_requests_total{webhook="mutate",outcome="ignored"} 0",
        "bwki_admission_requests_total{webhook="mutate",outcome="unserved"} 0",
        "bwki_admission_requests_total{webhook="mutate",outcome="unchanged"} 0",
        "bwki_admission_requests_total{webhook="mutate",outcome="mutated"} 0",
        "bwki_admission_requests_total{webhook="mutate",outcome="denied"} 0",
        "bwki_admission_requests_total{webhook="mutate",outcome="unavailable"} 0",
        "bwki_admission_requests_total{webhook="mutate",outcome="rejected"} 0",
        "bwki_admission_requests_total{webhook="mutate",outcome="error"} 0",
        "bwki_admission_requests_total{webhook="mutate",outcome="aborted"} 0",
        "bwki_admission_requests_total{webhook="validate",outcome="ignored"} 0",
        "bwki_admission_requests_total{webhook="validate",outcome="unserved"} 0",
        "bwki_admission_requests_total{webhook="validate",outcome="allowed"} 0",
        "bwki_admission_requests_total{webhook="validate",outcome="denied"} 0",
        "bwki_admission_requests_total{webhook="validate",outcome="unavailable"} 0",
        "bwki_admission_requests_total{webhook="validate",outcome="rejected"} 0",
        "bwki_admission_requests_total{webhook="validate",outcome="error"} 0",
        "bwki_admission_requests_total{webhook="validate",outcome="aborted"} 0",
        "bwki_admission_duration_seconds_count{webhook="mutate"} 0",
        "bwki_admission_duration_seconds_count{webhook="validate"} 0",
        "bwki_secret_sync_total{outcome="current"} 0",
        "bwki_secret_sync_total{outcome="created"} 0",
        "bwki_secret_sync_total{outcome="updated"} 0",
        "bwki_secret_sync_total{outcome="adopted"} 0",
        "bwki_secret_sync_total{outcome="foreign"} 0",
        "bwki_secret_sync_total{outcome="contested"} 0",
        "bwki_secret_sync_total{outcome="namespace_unserved"} 0",
        "bwki_secret_sync_total{outcome="namespace_gone"} 0",
        "bwki_secret_sync_total{outcome="refused"} 0",
        "bwki_secret_sync_total{outcome="unavailable"} 0",
        "bwki_secret_sync_total{outcome="access_denied"} 0",
        "bwki_secret_sync_total{outcome="source_missing"} 0",
        "bwki_secret_sync_total{outcome="source_incomplete"} 0",
        "bwki_secret_sync_total{outcome="source_deleted"} 0",
        "bwki_certificate_reloads_total{outcome="loaded"} 0",
        "bwki_certificate_reloads_total{outcome="refused"} 0",
        "bwki_config_reloads_total{outcome="loaded"} 0",
        "bwki_config_reloads_total{outcome="refused"} 0",
      ]
    `);
  });

  it('B57: no certificate expires before there is one', async () => {
    expect(await createMetrics().registry.metrics()).not.toMatch(/^bwki_certificate_(start|expiry)/m);
  });

  it('B57: two webhooks in a process count apart', async () => {
    await using one = await standalone();
    await using other = await standalone();
    await one.client.review('/mutate', reviewOf(gpuPod()));
    const { values } = await other.metrics.requests.get();
    expect(values.filter(({ value }) => value > 0)).toEqual([]);
  });

  it('B57: docs/metrics.md has each metric with its type and labels, and no other', async () => {
    const page = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');
    const text = /^## Webhook\n[^]*?(?=^## )/m.exec(page)?.[0] ?? '';
    const rows = text.matchAll(/^\| `(\w+)`\s*\| (\w+)\s*\| ([^|]*)\|/gm);
    const documented = Array.from(rows, ([, name, type, labels = '']) => ({
      name,
      type,
      labels: Array.from(labels.matchAll(/`(\w+)`/g), ([, label]) => label),
    }));
    const { registry } = createMetrics();
    const registered = registry.getMetricsAsArray().map((metric) => ({
      name: metric.name,
      type: String((metric as unknown as { type: unknown }).type),
      labels: (metric as unknown as { labelNames: string[] }).labelNames,
    }));
    expect(documented).toEqual(registered);
    const help = (await registry.getMetricsAsJSON()).map((metric) => metric.help);
    for (const line of help) expect(text).toContain(line);
  });

  it('B57: health answers on its own port, and knows no other path', async () => {
    await using ours = await standalone();
    const status = async (path: string): Promise<number> =>
      (await fetch(ours.webhook.healthUrl + path)).status;
    expect(
      await Promise.all(['/healthz', '/readyz?verbose', '/metrics', '/mutate', '/'].map(status)),
    ).toEqual([200, 200, 200, 404, 404]);
  });
});
