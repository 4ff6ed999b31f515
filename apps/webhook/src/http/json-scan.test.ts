import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { maxDepth, maxSteps, scanJson } from './json-scan.ts';

const scan = (text: string): ReturnType<typeof scanJson> => scanJson(Buffer.from(text));
const mebibyte = 1024 * 1024;
/** Blanks in front of a text, so that it is long enough to be scanned. */
const padding = ' '.repeat(maxDepth + 1);
const stepsOf = (text: string): number => {
  const scanned = scan(padding + text);
  return scanned.ok ? scanned.value : Infinity;
};
const filled = (bytes: number, part: (index: number) => string): string => {
  const parts: string[] = [];
  for (let length = 0, index = 0; length < bytes; index++)
    length += parts[parts.push(part(index)) - 1]?.length ?? 0;
  return parts.join('');
};
const numbered = (part: (text: string) => string) => (index: number) => part(index.toString(36));

describe('B70: what parsing a body would take', () => {
  it.each([
    ['', 0],
    ['[1,2,3]', 8],
    ['[0.5,1e9,1E9]', 11],
    ['{}', 6],
    ['{"a":1}', 22],
    ['[{"a":1},{"a":2}]', 6 + 22 + 1 + 8],
    ['[{"a":1,"b":2},{"a":3,"b":4},{"b":5}]', 6 + 39 + 1 + 11 + 1 + 22],
    ['["ab","ab","cd"]', 6 + 5 + 1 + 1 + 1 + 5],
    ['["longer than ten","longer than ten"]', 9],
    ['"[{,:"', 5],
    ['"\\"[[["', 5],
    ['"\\\\",1', 6],
    ['{"a" \t\r\n :1}', 22],
  ])('B70: %s takes %i steps', (text, steps) => {
    expect(stepsOf(text)).toBe(steps);
  });

  it('B70: nesting is limited, and closing makes room', () => {
    expect(scan('['.repeat(maxDepth) + ']'.repeat(maxDepth)).ok).toBe(true);
    expect(scan('['.repeat(maxDepth + 1))).toEqual({
      ok: false,
      error: `the body is nested more than ${maxDepth} levels deep`,
    });
    expect(scan('[]'.repeat(maxDepth)).ok).toBe(true);
    expect(scan(`"${'['.repeat(2 * maxDepth)}"`).ok).toBe(true);
  });

  it.each<[string, (index: number) => string]>([
    ['empty objects', () => '{},'],
    ['empty lists', () => '[],'],
    ['lists of lists', () => '[[]],'],
    ['objects of objects', () => '{"a":{}},'],
    ['different keys', numbered((text) => `"${text}a":0,`)],
    ['objects with different keys', numbered((text) => `{"${text}a":0},`)],
    ['escaped keys', numbered((text) => `"\\u0061${text}":0,`)],
    ['fractions', () => '0.5,'],
    ['numbers as keys', (index) => `"${index}":0,`],
    ['one key repeated', () => '"a":0,'],
    ['different short texts', numbered((text) => `"${text}",`)],
  ])('B70: 8 MiB of %s are refused', (_, part) => {
    expect(scan(`[${filled(8 * mebibyte, part)}`)).toEqual({
      ok: false,
      error: 'the body has more values or different keys than any pod can have',
    });
  });

  // etcd stores 1.5 MiB as protobuf, an API server takes 3 MiB as JSON.
  it.each<[string, string]>([
    ['1.5 MiB of empty arguments', `["",${'"",'.repeat(786_432)}""]`],
    ['1.5 MiB of pull secrets without a name', `[{}${',{}'.repeat(393_216)}]`],
    ['1.5 MiB of variables with a short name', `[{}${',{"name":"a"}'.repeat(314_573)}]`],
    [
      '1.5 MiB of labels and their managed fields',
      `{${filled(
        0.6 * mebibyte,
        numbered((text) => `"l${text}":"",`),
      )}"m":{${filled(
        0.8 * mebibyte,
        numbered((text) => `"f:l${text}":{},`),
      )}"a":0}}`,
    ],
    [
      '3 MiB of variables',
      `[${filled(3 * mebibyte, (index) => `{"name":"VAR_${index}","value":"${index}"},`)}0]`,
    ],
    [
      '1.5 MiB of usual variables, in the object and in the old object',
      `[${filled(3 * mebibyte, (index) => `{"name":"SOME_VARIABLE_${index}","value":"some value ${index}"},`)}0]`,
    ],
    ['8 MiB of one text', `"${'x'.repeat(8 * mebibyte)}"`],
  ])('B70: %s are read', (_, text) => {
    const scanned = scan(text);
    expect(scanned).toMatchObject({ ok: true });
    expect(scanned.ok && scanned.value).toBeLessThan(maxSteps);
  });

  it('B70: any JSON has at least a step for each list, object, key and comma', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        const structure = text.replace(/"(?:[^"\\]|\\.)*"/g, '""');
        expect(stepsOf(text)).toBeGreaterThanOrEqual(structure.match(/[[{:,]/g)?.length ?? 0);
      }),
    );
  });
});
