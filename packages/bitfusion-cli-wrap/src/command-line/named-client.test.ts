import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayNameClient } from './named-client.ts';

describe('B79: whether a text can name the client', () => {
  it.each([
    ['bitfusion run', true],
    ['bit\'\'fus"i"on', true],
    ['bit\\\nfusion', true],
    ["bit$'f'usion", true],
    ["$'\\x62itfusion'", true],
    ['bbitfusion', true],
    ['bit fusion', false],
    ['bit$fusion', false],
    ['bit\nfusion', false],
    ['', false],
  ])('%j: %s', (text, may) => {
    expect(mayNameClient(text)).toBe(may);
  });

  it('finds the name wherever a shell that drops quotes and backslashes would', () => {
    const piece = fc.constantFrom(
      'bitfusion',
      'bit',
      'fusion',
      'b',
      'i',
      "'",
      '"',
      '$',
      '\\',
      '\n',
      ' ',
      'é',
    );
    fc.assert(
      fc.property(
        fc.array(piece).map((pieces) => pieces.join('')),
        (text) => {
          const read = text.replace(/\$?['"]|\\\n?/g, '');
          expect(mayNameClient(text)).toBe(read.includes('bitfusion'));
        },
      ),
      { numRuns: 2000 },
    );
  });
});
