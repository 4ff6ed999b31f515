import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { expect, it, vi } from 'vitest';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

const [, example] = /^```ts\n(.*?)^```$/ms.exec(read('../README.md')) ?? [];

it('the example of the README is the one that is compiled', () => {
  const [, ...lines] = read('../test/readme-example.ts').split('\n');
  expect(example).toBe(lines.join('\n'));
});

it('the example of the README prints what its comments say', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  await import('../test/readme-example.ts');
  const printed = log.mock.calls.map(([value]) => `// ${inspect(value, { breakLength: Infinity })}`);
  log.mockRestore();
  expect(printed).toEqual(example?.match(/^\/\/ .*$/gm));
});
