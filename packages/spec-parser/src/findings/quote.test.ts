import { describe, expect, it } from 'vitest';
import { quote } from './quote.ts';

describe('quote', () => {
  it.each([
    ['', '""'],
    ['150', '"150"'],
    ['a b', '"a b"'],
    ['say "x" \\ y', String.raw`"say \"x\" \\ y"`],
    ['\n\t\r\b\f\v\u0007', String.raw`"\n\t\r\b\f\v\a"`],
    ['\u0000\u001b\u007f', String.raw`"\x00\x1b\x7f"`],
    ['größer 日本 €', '"größer 日本 €"'],
    ['🚀', '"🚀"'],
    ['\u00a0\u200b\u202e', String.raw`"\u00a0\u200b\u202e"`],
    ['\u{e0001}', String.raw`"\U000e0001"`],
    ['\ud800', String.raw`"\ud800"`],
  ])('writes %j as %s, as Go does', (text, quoted) => {
    expect(quote(text)).toBe(quoted);
  });
});
