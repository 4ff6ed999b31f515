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
    const counted = text.split('\n').filter((line) => line.startsWith('bwki_admission_requests_total{'));
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

  it('B57: two webhooks in a process count apart', async () => {
    await using one = await standalone();
    await using other = await standalone();
    await one.client.review('/mutate', reviewOf(gpuPod()));
    expect((await other.metrics.requests.get()).values).toEqual([]);
  });

  it('B57: docs/metrics.md has each metric with its type and labels, and no other', async () => {
    const page = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');
    const text = /^## Webhook\n[^]*?(?=^## )/m.exec(page)?.[0] ?? '';
    const rows = text.matchAll(/^\| `(\w+)`\s*\| (\w+)\s*\| ([^|]*?)\s*\|/gm);
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
