import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

const docs = join(import.meta.dirname, '../../docs');
const page = readFileSync(join(docs, 'security.md'), 'utf8');

/** `[file](../path.test.ts): "title"`, on one line or two. */
const named = Array.from(
  page.matchAll(/\]\((\.\.\/[^()\s]+\.test\.ts)\):\s+"([^"]+)"/g),
  ([, path = '', title = '']) => ({ path, title }),
);

describe('docs/security.md', () => {
  it.each(named)('names a test that exists: $title', ({ path, title }) => {
    expect(readFileSync(join(docs, path), 'utf8')).toContain(title);
  });

  it('names a test wherever it links to one, and a test for every row that something stops', () => {
    expect(named).toHaveLength(Array.from(page.matchAll(/\.test\.ts\)/g)).length);
    const [, table = ''] = page.split('## Threats');
    const rows = (table.split('\n## ')[0] ?? '')
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .slice(2);
    expect(rows.length).toBeGreaterThan(10);
    const unproven = rows
      .filter((row) => !row.includes('.test.ts)'))
      .map((row) => row.split('|')[3]?.trim() ?? '');
    expect(unproven.filter((stop) => !stop.startsWith('nothing'))).toEqual([]);
  });
});
