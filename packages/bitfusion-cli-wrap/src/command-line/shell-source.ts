import { type Word } from './word.ts';

const firstPrivate = 0xe000;
const lastPrivate = 0xf8ff;

/**
 * Shell text in which some stretches are only known at run time (Kubernetes' references, an outer shell's variables).
 * Each such stretch is one character of Unicode's private use area that the text has nowhere else, so that a shell
 * parser sees an ordinary letter: in a word, in quotes, as a word of its own.
 */
export interface ShellSource {
  readonly text: string;
  /** A stretch of the text (quotes already removed) with the marks turned back into pieces. */
  cut(text: string): readonly Word[];
  /** A stretch of the text as it was written. */
  restore(text: string): string;
}

/** When a text has used up the private area, the stretches stay as they are written: read as the shell's own. */
export function shellSource(pieces: readonly Word[]): ShellSource {
  const written = pieces.map((piece) => piece.text).join('');
  const marks = new Map<string, Word>();
  let text = '';
  let code = firstPrivate;
  for (const piece of pieces) {
    while (code <= lastPrivate && written.includes(String.fromCharCode(code))) code++;
    if (piece.kind === 'literal' || code > lastPrivate) {
      text += piece.text;
    } else {
      const mark = String.fromCharCode(code++);
      marks.set(mark, piece);
      text += mark;
    }
  }
  const cut = (stretch: string): readonly Word[] =>
    stretch
      .split(/([\uE000-\uF8FF])/)
      .map((part) => marks.get(part) ?? { kind: 'literal' as const, text: part });
  return {
    text,
    cut,
    restore: (stretch) =>
      cut(stretch)
        .map((piece) => piece.text)
        .join(''),
  };
}
