import { stripVTControlCharacters } from 'node:util';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Combining marks, format characters (zero-width joiner) and controls. */
const zeroWidth = /^[\p{Mark}\p{Format}\p{Control}]+$/u;

/** Scripts of Unicode's East Asian Width W and F, and what terminals draw as a coloured emoji. */
const doubleWidth =
  /^(?:\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|[\u3000-\u303E\uFF01-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}|\p{Emoji}\uFE0F)/u;

/** Columns that a text takes on a terminal; colours take none. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(stripVTControlCharacters(text))) {
    if (zeroWidth.test(segment)) continue;
    width += doubleWidth.test(segment) ? 2 : 1;
  }
  return width;
}
