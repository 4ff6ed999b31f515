import { expect, it } from 'vitest';

import { parseManifestFile } from './manifest-file.ts';

/** As `sigs.k8s.io/yaml` 1.4, which kubectl reads with, turns them into JSON. */
it.each<[string, unknown]>([
  ['yes', true],
  ['y', true],
  ['on', true],
  ['n', false],
  ['Off', false],
  ['tRue', 'tRue'],
  ['0644', 420],
  ['0o17', 15],
  ['-0o7', -7],
  ['0x1f', 31],
  ['0X1F', 31],
  ['0b1_0', 2],
  ['0B11', 3],
  ['08', 8],
  ['1_000', 1000],
  ['+1', 1],
  ['12e03', 12_000],
  ['.5', 0.5],
  ['1.', 1],
  ['1_0.5', 10.5],
  ['~', null],
  ['Null', null],
  ['2001-01-01', '2001-01-01'],
  ['2001-01-01T00:00:00Z', '2001-01-01T00:00:00Z'],
  ['22:22', '22:22'],
  ['1:30:00', '1:30:00'],
  ['1:30.5', '1:30.5'],
  ['=', '='],
  ['<<', '<<'],
  ['!!str 5', '5'],
  ['!!binary aGk=', 'hi'],
])('%s is read as kubectl reads it', (text, value) => {
  const { file, faults } = parseManifestFile({ name: 'x', text: `a: ${text}\n` });
  expect(faults).toEqual([]);
  expect(file.documents[0]?.value).toEqual({ a: value });
});

it('keys are text, as kubectl makes them', () => {
  const { file } = parseManifestFile({ name: 'x', text: '1: a\nyes: b\n1.5: c\n' });
  expect(file.documents[0]?.value).toEqual({ 1: 'a', true: 'b', 1.5: 'c' });
});

it('<< merges maps, of which the first counts', () => {
  const text = 'a: &a {v: 1}\nb: &b {v: 2, w: 3}\nc:\n  <<: [*a, *b]\n  z: 4\n';
  const { file } = parseManifestFile({ name: 'x', text });
  expect(file.documents[0]?.value).toMatchObject({ c: { v: 1, w: 3, z: 4 } });
});
