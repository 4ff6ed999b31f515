import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { report } from '../test/usage.ts';

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}

describe('README.md', () => {
  const [example, output] = [...read('../README.md').matchAll(/^```\w+\n(.*?)\n```$/gms)].map(
    ([, text]) => text,
  );

  it('begins with the example that is compiled and run here', () => {
    const usage = read('../test/usage.ts').replace('../src/index.ts', '@bwki/spec-parser');
    expect(`${example ?? ''}\n`).toBe(usage);
  });

  it('shows what the example comes to', () => {
    expect(output).toBe(report.join('\n'));
  });
});
