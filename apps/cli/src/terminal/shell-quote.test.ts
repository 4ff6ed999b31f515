import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { shellJoin, shellQuote } from './shell-quote.ts';

/** What a shell makes of a command line whose program prints its arguments. */
function readBack(line: string): string[] {
  const { stdout } = spawnSync('bash', ['--norc', '-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' });
  return stdout.split('\0').slice(0, -1);
}

describe('shellQuote', () => {
  it.each([
    ['plain/word-1.0_a=b:c,d%e@f+g', 'plain/word-1.0_a=b:c,d%e@f+g'],
    ['', "''"],
    ['two words', "'two words'"],
    ["it's", String.raw`'it'\''s'`],
    ['$(X) $$ `x` *', "'$(X) $$ `x` *'"],
    ['two\nlines', "'two\nlines'"],
    ['\u001B[2J', String.raw`$'\033[2J'`],
    ['\u0001' + "1'\\", String.raw`$'\0011\'\\'`],
    ['\u202E', String.raw`$'\342\200\256'`],
    ['~', "'~'"],
    ['#', "'#'"],
  ])('%j', (text, quoted) => {
    expect(shellQuote(text)).toBe(quoted);
  });

  it('is read back by a shell as it was, for any text', () => {
    const text = fc
      .string({ unit: 'binary', maxLength: 20 })
      .filter((value) => !/[\0\uD800-\uDFFF]/.test(value));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 40 }), (words) => {
        expect(readBack(words.map(shellQuote).join(' '))).toEqual(words);
      }),
      { numRuns: 30 },
    );
  });
});

describe('shellJoin', () => {
  it.each([
    [[], ''],
    [['a', 'b c', 'if'], "a 'b c' if"],
    [['A=b', 'c'], "'A=b' c"],
    [['time', 'x'], "'time' x"],
  ])('%j', (argv, line) => {
    expect(shellJoin(argv)).toBe(line);
  });
});
