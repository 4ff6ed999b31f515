import { describe, expect, it } from 'vitest';

import { offsetOfField, parseFieldPath } from './field-position.ts';
import { parseManifestFile } from './manifest-file.ts';

describe('parseFieldPath', () => {
  it.each([
    ['', []],
    ['spec', ['spec']],
    [
      'spec.containers[1].resources.limits[bitfusion.io/gpu-percent]',
      ['spec', 'containers', 1, 'resources', 'limits', 'bitfusion.io/gpu-percent'],
    ],
    [
      'items[0].metadata.annotations[auto-management/bitfusion]',
      ['items', 0, 'metadata', 'annotations', 'auto-management/bitfusion'],
    ],
  ])('%s', (field, steps) => {
    expect(parseFieldPath(field)).toEqual(steps);
  });
});

describe('offsetOfField', () => {
  const text = 'a:\n  b:\n  - c: 1\n    x.y/z: 2\n  - &d {e: 3}\n  - *d\nf: {g: [1, 2]}\nm:\n  <<: *d\n';
  const { file } = parseManifestFile({ name: 'x', text });
  it.each([
    ['a', 'a:'],
    ['a.b', 'b:'],
    ['a.b[0]', 'c: 1'],
    ['a.b[0].c', 'c: 1'],
    ['a.b[0][x.y/z]', 'x.y/z: 2'],
    ['a.b[0].missing.too', 'c: 1'],
    ['a.b[1].e', 'e: 3'],
    ['a.b[2].e', '*d\nf'],
    ['a.b[9]', 'b:'],
    ['f.g[1]', '2]'],
    ['m.e', 'm:'],
    ['nothing', 'a:'],
  ])('%s', (field, start) => {
    const [document] = file.documents;
    if (!document) throw new Error('no document');
    expect(text.slice(offsetOfField(document.yaml, parseFieldPath(field)))).toMatch(
      new RegExp(`^${start.replaceAll(/[*[\]{}.]/g, String.raw`\$&`)}`),
    );
  });
});
