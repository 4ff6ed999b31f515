import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { createMetrics } from '../src/metrics.ts';

describe('B67: metrics', () => {
  it('B67: docs/metrics.md has each with its type, labels and help, and no other of the device plugin', async () => {
    const page = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');
    const section = /^## Device plugin\n([^]*?)(?=^## |$(?![^]))/m.exec(page)?.[1] ?? '';
    const rows = [...section.matchAll(/^\| `(\w+)` +\| (\w+) +\| (.*?) *\| (.*?) *\|$/gm)].map((row) =>
      row.slice(1),
    );
    const registered = (await createMetrics().registry.getMetricsAsJSON()).map(({ name, type, help }) => [
      name,
      type,
      help,
    ]);
    expect(rows.map(([name, type, , help]) => [name, type, help])).toEqual(registered);
  });
});
