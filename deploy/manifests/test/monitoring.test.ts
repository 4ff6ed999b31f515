import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { monitoringDirectory } from '../src/paths.ts';
import { filesOfChart } from '../src/written-files.ts';
import { fromApp } from './apps.ts';

interface Registered {
  readonly registry: { getMetricsAsArray(): readonly { readonly name: string }[] };
}
interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}

const read = (name: string): string => readFileSync(join(monitoringDirectory, name), 'utf8');
const alerts = (
  parse(read('alerts.yaml')) as { groups: readonly { rules: readonly Rule[] }[] }
).groups.flatMap(({ rules }) => rules);
const docs = readFileSync(join(monitoringDirectory, '../../docs/metrics.md'), 'utf8');

async function metricsOf(app: string): Promise<readonly string[]> {
  const { createMetrics } = await fromApp<{ readonly createMetrics: () => Registered }>(
    `${app}/src/metrics.ts`,
  );
  return createMetrics()
    .registry.getMetricsAsArray()
    .map(({ name }) => name);
}

/** The metrics of ours in an expression; a histogram's parts count as the histogram. */
function metricsIn(expression: string): readonly string[] {
  const names = expression.match(/\bbwki_\w+/g) ?? [];
  return names.map((name) => name.replace(/_(bucket|count|sum)$/, ''));
}

describe('monitoring', () => {
  it('in the chart is what deploy/monitoring has', async () => {
    for (const { path, text } of await filesOfChart()) expect(readFileSync(path, 'utf8'), path).toBe(text);
  });

  it('asks for metrics that an app has, each of them documented', async () => {
    const known = new Set([...(await metricsOf('webhook')), ...(await metricsOf('device-plugin'))]);
    const asked = [...alerts.map(({ expr }) => expr), read('dashboard.json')].flatMap(metricsIn);
    expect(new Set(asked).size).toBeGreaterThan(10);
    expect(asked.filter((name) => !known.has(name))).toEqual([]);
    expect(asked.filter((name) => !docs.includes(`\`${name}\``))).toEqual([]);
  });

  it('asks for outcomes of the webhook that are documented', () => {
    const selectors = alerts.flatMap(({ expr }) =>
      Array.from(expr.matchAll(/\b(bwki_\w+)\{outcome=~?"([^"]+)"/g), ([, name = '', values = '']) => ({
        name,
        values,
      })),
    );
    const ofWebhook = selectors.filter(({ name }) => docs.includes(`\`${name}\``));
    expect(ofWebhook.length).toBeGreaterThan(4);
    const outcomes = ofWebhook.flatMap(({ values }) => values.split('|'));
    expect(outcomes.filter((outcome) => !docs.includes(`\`${outcome}\``))).toEqual([]);
  });

  it('alerts about all that docs/metrics.md finds worth it', () => {
    const sections = Array.from(
      docs.matchAll(/^### Worth an alert\n[^]*?(?=^##|(?![^]))/gm),
      ([text]) => text,
    );
    expect(sections).toHaveLength(2);
    const worth = (sections.join('').match(/`[^`]*`/g) ?? []).filter((text) => /\bbwki_\w/.test(text));
    expect(worth.length).toBeGreaterThan(4);
    const alerted = new Set(alerts.flatMap(({ expr }) => metricsIn(expr)));
    expect(worth.flatMap(metricsIn).filter((name) => !alerted.has(name))).toEqual([]);
  });

  it('shows in a test when each alert fires', () => {
    const tests = read('alerts.test.yaml');
    expect(alerts.filter(({ alert }) => !tests.includes(`alertname="${alert}"`))).toEqual([]);
  });

  it('gives each alert a severity, a summary and what to do', () => {
    const incomplete = alerts.filter(
      ({ labels, annotations }) =>
        !['warning', 'critical'].includes(labels.severity) ||
        annotations.summary === '' ||
        annotations.description.length < 40,
    );
    expect(incomplete).toEqual([]);
  });
});
