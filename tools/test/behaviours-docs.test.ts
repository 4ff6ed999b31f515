import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const page = 'docs/behaviours.md';

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** `- **B31** …`, with all lines of it. */
const entries = read(page)
  .split(/^(?=- \*\*B|## )/m)
  .flatMap((text) => {
    const name = /^- \*\*(B\d+[a-z]?)\*\* /.exec(text)?.[1];
    return name === undefined ? [] : [{ name, isBuilt: !/_Not\s+built\s+yet\._/.test(text) }];
  });
const sections = Array.from(read(page).matchAll(/^## (§\d+) /gm), ([, section]) => section);

/** What people write: neither the tools' own files, nor what tests read, nor the page and what checks it. */
function isWritten(path: string): boolean {
  return !/(^|\/)fixtures\/|^package-lock\.json$|behaviours(-docs\.test\.ts|\.md)$/.test(path);
}

const files = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((path) => path !== '' && isWritten(path) && existsSync(join(root, path)))
  .map((path) => ({ path, text: read(path) }));

const reference = /(?<![\w-])(?:B\d+[a-z]?|§\d+)(?!\w)/g;

/** What the titles of tests begin with: `'B31: …'`, `'B4a, B33: …'`, `'B6–B9: …'`. */
const tested = new Set(
  files
    .filter(({ path }) => path.endsWith('.test.ts'))
    .flatMap(({ text }) => Array.from(text.matchAll(/['"`](B\d+[a-z]?(?:(?:, |–)B\d+[a-z]?)*):/g)))
    .flatMap(([, names = '']) => names.split(', ').flatMap(everyNumber)),
);

/** `B6–B9` are four; anything else is itself. */
function everyNumber(names: string): readonly string[] {
  const [first = 0, last] = Array.from(names.matchAll(/\d+/g), Number);
  return last === undefined
    ? [names]
    : Array.from({ length: last - first + 1 }, (_, index) => `B${first + index}`);
}

describe(`§2: ${page}`, () => {
  it('has each behaviour once, in order', () => {
    const names = entries.map(({ name }) => name);
    const inOrder = [...new Set(names)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    expect(names).toEqual(inOrder);
    expect(names.length).toBeGreaterThan(50);
  });

  it('has every number that a source, a test or a page refers to', () => {
    const known = new Set<string | undefined>([...entries.map(({ name }) => name), ...sections]);
    const unknown = files.flatMap(({ path, text }) =>
      Array.from(text.matchAll(reference), ([name]) => name)
        .filter((name) => !known.has(name))
        .map((name) => `${path}: ${name}`),
    );
    expect(unknown).toEqual([]);
  });

  it('calls built only what the title of some test begins with', () => {
    const built = entries.filter(({ isBuilt }) => isBuilt).map(({ name }) => name);
    expect(built.filter((name) => !tested.has(name))).toEqual([]);
  });

  it('calls "not built yet" nothing that a test shows', () => {
    const unbuilt = entries.filter(({ isBuilt }) => !isBuilt).map(({ name }) => name);
    expect(unbuilt.filter((name) => tested.has(name))).toEqual([]);
  });
});
