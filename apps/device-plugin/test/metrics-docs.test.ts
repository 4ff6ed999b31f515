import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { createMetrics } from '../src/metrics.ts';

describe('B67: metrics', () => {
  it('B67: docs/metrics.md has each with its type, labels and help, and no other of the device plugin', async () => {
    const page = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');
    const section = /^## Device plugin\n([^]*?)(?=^## |$(?![^]))/m.exec(page)?.[1] ?? '';
    const documented = Array.from(
      section.matchAll(/^\| `(\w+)` +\| (\w+) +\| ([^|\n]*)\| ([^|\n]*)\|$/gm),
      ([, name, type, labels = '', help = '']) => ({
        name,
        type,
        labels: Array.from(labels.matchAll(/`(\w+)`/g), ([, label]) => label),
        help: help.trim(),
      }),
    );
    const { registry } = createMetrics();
    const labels = registry
      .getMetricsAsArray()
      .map((metric) => (metric as unknown as { labelNames: string[] }).labelNames);
    const registered = (await registry.getMetricsAsJSON()).map(({ name, type, help }, index) => ({
      name,
      type: String(type),
      labels: labels[index],
      help,
    }));
    expect(documented).toEqual(registered);
  });
});
