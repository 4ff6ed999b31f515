import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { report } from '../test/usage.ts';
import * as surface from './index.ts';

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}

describe('README.md', () => {
  const readme = read('../README.md');
  const [example, output, mutated] = Array.from(
    readme.matchAll(/^```\w+\n(.*?)\n```$/gms),
    ([, text]) => text,
  );

  it('begins with the example that is compiled and run here', () => {
    const usage = read('../test/usage.ts').replace("'../src/index.ts'", "'@bwki/pod-mutator'");
    expect(`${example ?? ''}\n`).toBe(usage);
  });

  it('shows what the example comes to', () => {
    expect(output).toBe(report.join('\n'));
  });

  it('shows the mutated pod of the goldens', () => {
    expect(`${mutated ?? ''}\n`).toBe(read('../fixtures/readme/mutated.yaml'));
  });

  it('names everything that can be called', () => {
    expect(Object.keys(surface).filter((name) => !readme.includes(`\`${name}`))).toEqual([]);
  });
});
