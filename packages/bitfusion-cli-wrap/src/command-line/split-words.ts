import { type CutWord, literalText, literalWord } from './word.ts';

/** Splits a word at its blanks, as `env -S` and a shell's unquoted `$NAME` do; quotes in it are dropped. */
export function splitWords(word: CutWord): readonly CutWord[] {
  const text = literalText(word);
  if (text === undefined) return [word];
  return text
    .replace(/['"]/g, '')
    .split(/[ \t\n]+/)
    .filter((part) => part !== '')
    .map(literalWord);
}
