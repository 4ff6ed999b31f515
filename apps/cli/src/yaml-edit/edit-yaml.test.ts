import type { JsonPatchOperation } from '@bwki/pod-mutator';
import jsonPatch from 'fast-json-patch';
import { describe, expect, it } from 'vitest';

import { parseManifestFile } from '../manifest/manifest-file.ts';
import { editYaml } from './edit-yaml.ts';

/** The text with a patch in its only document, or in the one of an index. */
function edit(text: string, patch: readonly JsonPatchOperation[], index = 0): string {
  const { file, faults } = parseManifestFile({ name: 'test.yaml', text });
  expect(faults).toEqual([]);
  const document = file.documents[index];
  if (!document) throw new Error('no such document');
  // A copy that shares nothing, unlike the value of a document with aliases.
  const copy = JSON.parse(JSON.stringify([document.value, patch])) as [unknown, jsonPatch.Operation[]];
  const result: unknown = jsonPatch.applyPatch(copy[0], copy[1], true).newDocument;
  return editYaml(file, [{ document, patch, result }]).text;
}

const add = (path: string, value: unknown): JsonPatchOperation => ({ op: 'add', path, value });
const remove = (path: string): JsonPatchOperation => ({ op: 'remove', path });
const replace = (path: string, value: unknown): JsonPatchOperation => ({ op: 'replace', path, value });

describe('in block collections', () => {
  it.each<[name: string, before: string, patch: JsonPatchOperation[], after: string]>([
    ['an entry comes last', 'a: 1 # one\n# end\n', [add('/b', 'x')], 'a: 1 # one\nb: x\n# end\n'],
    [
      'a nested map is indented as the document is',
      'a:\n    b: 1\n',
      [add('/c', { d: { e: 2 } })],
      'a:\n    b: 1\nc:\n    d:\n        e: 2\n',
    ],
    ['lists that are not indented stay so', 'a:\n- 1\n', [add('/b', [2])], 'a:\n- 1\nb:\n- 2\n'],
    ['lists that are indented stay so', 'a:\n  - 1\n', [add('/b', [2])], 'a:\n  - 1\nb:\n  - 2\n'],
    [
      'an element comes first, above the comment of the next',
      'a:\n# one\n- 1\n',
      [add('/a/0', 0)],
      'a:\n- 0\n# one\n- 1\n',
    ],
    [
      'an element comes last',
      'a:\n- b: 1\n  c: 2 # two\nd: 3\n',
      [add('/a/-', { e: 4 })],
      'a:\n- b: 1\n  c: 2 # two\n- e: 4\nd: 3\n',
    ],
    ['an element comes between', 'a:\n- 1\n- 3\n', [add('/a/1', 2)], 'a:\n- 1\n- 2\n- 3\n'],
    ['an element goes with its line', 'a:\n- 1\n- 2 # two\n- 3\n', [remove('/a/1')], 'a:\n- 1\n- 3\n'],
    ['an entry goes with its line', 'a: 1\nb: 2 # two\nc: 3\n', [remove('/b')], 'a: 1\nc: 3\n'],
    ['the first entry after a dash goes', 'a:\n- b: 1\n  c: 2\n', [remove('/a/0/b')], 'a:\n- c: 2\n'],
    [
      'the first entries after a dash go',
      'a:\n- b: 1\n  # x\n  c: 2\n  d: 3\n',
      [remove('/a/0/b'), remove('/a/0/c')],
      'a:\n- d: 3\n',
    ],
    ['the only entry goes', 'a:\n  b: 1\n', [remove('/a/b')], 'a:\n   {}\n'],
    ['the only element goes', 'a:\n- 1\n', [remove('/a/0')], 'a:\n []\n'],
    [
      'entries make place for others',
      'a:\n  b: 1\n  c: 2\n  d: 3\n',
      [remove('/a/b'), remove('/a/c'), add('/a/e', 4)],
      'a:\n  d: 3\n  e: 4\n',
    ],
    [
      'all entries make place for another',
      'a:\n  b: 1\n  c: 2\n',
      [remove('/a/b'), remove('/a/c'), add('/a/e', 4)],
      'a:\n  e: 4\n',
    ],
    ['a scalar changes, its comment stays', 'a:   1   # one\n', [replace('/a', 2)], 'a:   2   # one\n'],
    ['a scalar becomes a list', 'a: 1\nb: 2\n', [replace('/a', [1])], 'a:\n  - 1\nb: 2\n'],
    ['a list becomes a scalar', 'a:\n- 1\nb: 2\n', [replace('/a', 1)], 'a: 1\nb: 2\n'],
    ['nothing becomes something', 'a:\nb: 2\n', [add('/a', 1)], 'a: 1\nb: 2\n'],
    ['nothing becomes a map', 'a:\nb:\n  c: 2\n', [add('/a', { d: 1 })], 'a:\n  d: 1\nb:\n  c: 2\n'],
    ['an empty list gets a block', 'a:\n- 1\nb: []\n', [add('/b/-', { c: 1 })], 'a:\n- 1\nb:\n- c: 1\n'],
    ['an empty map gets a block', 'a: {} # none\n', [add('/a/b', 1)], 'a:\n  b: 1 # none\n'],
    ['an element is replaced', 'a:\n- 1 # one\n- 2\n', [replace('/a/0', 'x y')], 'a:\n- "x y" # one\n- 2\n'],
    [
      'a nested list in the same line gets a first element',
      'a:\n- - 1\n',
      [add('/a/0/0', 0)],
      'a:\n- - 0\n  - 1\n',
    ],
    [
      'a moved element is at its new place',
      'a:\n- b: 1\n- c: 2\n',
      [{ op: 'move', from: '/a/1', path: '/a/0' }],
      'a:\n- c: 2\n- b: 1\n',
    ],
    [
      'an element follows a block scalar',
      'a:\n- |\n  x\n\n  y\n\nb: 1\n',
      [add('/a/-', 2)],
      'a:\n- |\n  x\n\n  y\n- 2\n\nb: 1\n',
    ],
    [
      'a block scalar that keeps its blank lines keeps them',
      'a: |+\n  x\n\n',
      [add('/b', 1)],
      'a: |+\n  x\n\nb: 1\n',
    ],
    ['explicit keys', '? a\n: 1\n', [add('/b', 2), replace('/a', 3)], '? a\n: 3\nb: 2\n'],
    ['a last line without a break', 'a: 1', [add('/b', 2)], 'a: 1\nb: 2'],
    [
      'lines that end in CR LF',
      'a: 1\r\nb:\r\n- 2\r\n',
      [add('/b/-', { c: 3, d: 4 })],
      'a: 1\r\nb:\r\n- 2\r\n- c: 3\r\n  d: 4\r\n',
    ],
    [
      'deeper additions come first',
      'a:\n  b:\n    c: 1',
      [add('/d', 4), add('/a/e', 3), add('/a/b/f', 2)],
      'a:\n  b:\n    c: 1\n    f: 2\n  e: 3\nd: 4',
    ],
  ])('%s', (_, before, patch, after) => {
    expect(edit(before, patch)).toBe(after);
  });
});

describe('in flow collections', () => {
  it.each<[name: string, before: string, patch: JsonPatchOperation[], after: string]>([
    [
      'an element comes first',
      'a: ["x", y] # c\n',
      [add('/a/0', '-n'), add('/a/1', '1')],
      'a: ["-n", "1", "x", y] # c\n',
    ],
    [
      'an element comes last, before a comma at the end',
      'a: [ x, ]\n',
      [add('/a/-', 'y')],
      'a: [ x, "y", ]\n',
    ],
    ['an entry comes last', 'a: {b: 1}\n', [add('/a/c', [{ d: 'e' }])], 'a: {b: 1, "c": [{"d": "e"}]}\n'],
    ['an element goes', 'a: [1, 2, 3]\n', [remove('/a/1')], 'a: [1, 3]\n'],
    ['the last element goes', 'a: [1, 2, 3]\n', [remove('/a/2')], 'a: [1, 2]\n'],
    ['the only element goes', 'a: [ 1, ]\n', [remove('/a/0')], 'a: []\n'],
    ['a value changes', 'a: {b: 1, c: 2}\n', [replace('/a/b', 'x')], 'a: {b: "x", c: 2}\n'],
    ['a value that was left out', 'a: {b: , c}\n', [add('/a/b', 1), add('/a/c', 2)], 'a: {b: 1, "c": 2}\n'],
    ['an empty one inside', 'a: [[]]\n', [add('/a/0/-', 1)], 'a: [[1]]\n'],
    [
      'JSON on lines',
      '{\n  "a": {\n    "b": 1\n  }\n}\n',
      [add('/a/c', { d: [2] })],
      '{\n  "a": {\n    "b": 1,\n    "c": {\n      "d": [\n        2\n      ]\n    }\n  }\n}\n',
    ],
    ['JSON on one line', '{"a":{"b":1}}', [add('/c', 'x')], '{"a":{"b":1}, "c": "x"}'],
    ['JSON on lines, in front', '[\n\t1\n]', [add('/0', { a: 1 })], '[\n\t{\n\t\t"a": 1\n\t},\n\t1\n]'],
  ])('%s', (_, before, patch, after) => {
    expect(edit(before, patch)).toBe(after);
  });
});

describe('anchors, aliases and merge keys', () => {
  it.each<[name: string, before: string, patch: JsonPatchOperation[], after: string]>([
    [
      'an alias that a change leads through is written out',
      'a: &x {k1: 1}\nb: *x\n',
      [add('/b/m', 2)],
      'a: &x {k1: 1}\nb:\n  k1: 1\n  m: 2\n',
    ],
    [
      'aliases of what changes are written out',
      'a: &x\n  k1: 1\nb: *x\nc: [*x]\n',
      [add('/a/m', 2)],
      'a: &x\n  k1: 1\n  m: 2\nb:\n  k1: 1\nc: [{"k1": 1}]\n',
    ],
    ['an alias elsewhere stays', 'a: &x 1\nb: *x\nc: 2\n', [add('/d', 3)], 'a: &x 1\nb: *x\nc: 2\nd: 3\n'],
    [
      'an alias as an element',
      'a: &x {k1: 1}\nb:\n- *x\n',
      [add('/b/0/m', 2)],
      'a: &x {k1: 1}\nb:\n- k1: 1\n  m: 2\n',
    ],
    [
      'an alias as a key',
      'a: &x k\nb: {*x : 1}\nc:\n  *x : 2\n',
      [replace('/a', 'l')],
      'a: l\nb: {"k": 1}\nc:\n  k: 2\n',
    ],
    ['an alias that is replaced as a whole', 'a: &x [1]\nb: *x\n', [replace('/b', 2)], 'a: &x [1]\nb: 2\n'],
    ['an anchor that goes', 'a: &x [1]\nb: *x\n', [remove('/a')], 'b:\n  - 1\n'],
    ['an anchor inside of what goes', 'a: {k1: &x 1}\nb: *x\n', [remove('/a')], 'b: 1\n'],
    [
      'an anchor that is given twice',
      'a: &x 1\nb: *x\nc: &x 2\nd: *x\n',
      [replace('/a', 3)],
      'a: 3\nb: 1\nc: &x 2\nd: *x\n',
    ],
    [
      'a merge that a change leads through is written out',
      'd: &d\n  k1: {k: 1}\n  o: 2\nm:\n  <<: *d\n  o: 3\n',
      [add('/m/k1/l', 4)],
      'd: &d\n  k1: {k: 1}\n  o: 2\nm:\n  k1:\n    k: 1\n    l: 4\n  o: 3\n',
    ],
    [
      'a merge that an entry comes beside stays',
      'd: &d {k1: 1}\nm:\n  <<: *d\n',
      [add('/m/o', 2), add('/m/k1', 3)],
      'd: &d {k1: 1}\nm:\n  <<: *d\n  o: 2\n  k1: 3\n',
    ],
    [
      'a merged entry that goes',
      'd: &d {k1: 1, o: 2}\nm:\n  <<: *d\n  p: 3\n',
      [remove('/m/k1')],
      'd: &d {k1: 1, o: 2}\nm:\n  o: 2\n  p: 3\n',
    ],
    [
      'of several merged maps the first counts',
      'a: &a {k1: 1}\nb: &b {k1: 2, o: 3}\nm: {<<: [*a, *b], p: 4}\n',
      [remove('/m/o')],
      'a: &a {k1: 1}\nb: &b {k1: 2, o: 3}\nm: {"k1": 1, p: 4}\n',
    ],
    [
      'what is merged elsewhere changes here only',
      'd: &d {k1: 1}\nm:\n  <<: *d\n',
      [replace('/d/k1', 2)],
      'd: &d {k1: 2}\nm:\n  <<:\n    k1: 1\n',
    ],
  ])('%s', (_, before, patch, after) => {
    expect(edit(before, patch)).toBe(after);
  });
});

it('other documents, directives, comments and the byte order mark stay', () => {
  const before = '\uFEFF# head\n%YAML 1.2\n---\na: 0o17 # x\n...\n# between\n--- !t\nb:   [ 1 ]\n---\n';
  expect(edit(before, [add('/c', 1)])).toBe(before.replace('# x\n', '# x\nc: 1\n'));
});

it.each([
  'yes',
  'null',
  '1e3',
  '0o7',
  '22:22',
  '2001-01-01',
  '~',
  '',
  ' x',
  '- x',
  '#',
  'a: b',
  "it's",
  '"',
  '$(X)',
  'é\u2028',
  '\u0085',
  '\uFEFF',
  'a\nb\n',
  '=',
  '<<',
  '.inf',
  '0x1F',
  '\ud800',
])('a string stays a string: %j', (value) => {
  const written = edit('a: 1\n', [add('/b', value), add('/c', [value]), add('/d', { [value]: value })]);

  expect(written).not.toMatch(/[\u007F-\u009F\u2028\uFEFF]/);
});

it('a document that cannot be edited in place is written anew, with its comments', () => {
  expect(edit('# head\na: [k: 1] # one\nb:   2\n', [add('/a/0/l', 2)])).toBe(
    '# head\na: [ { k: 1, l: 2 } ] # one\nb: 2\n',
  );
});

it('what is written anew ends its lines as the file does, comments too', () => {
  const before = '# head\na: [k: 1] # one\nb: # two\n  c: 3 # three\n';
  const crLf = (text: string) => text.replaceAll('\n', '\r\n');
  const edited = edit(before, [add('/a/0/l', 2)]);
  expect(edited).toContain('# three\n');
  expect(edit(crLf(before), [add('/a/0/l', 2)])).toBe(crLf(edited));
});

it('an operation that names nothing is a bug', () => {
  const { file } = parseManifestFile({ name: 'x', text: 'a: 1\n' });
  const [document] = file.documents;
  if (!document) throw new Error('no document');
  expect(() => editYaml(file, [{ document, patch: [remove('/b')], result: {} }])).toThrow(TypeError);
});
