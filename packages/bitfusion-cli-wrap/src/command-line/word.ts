/**
 * A word of a command line, as far as it can be known without running anything.
 *
 * - `literal`: the word's value, quotes and escapes already removed.
 * - `variable`: the whole word is one reference: `$X`, `${X}` or `"$X"` in shell text, Kubernetes' `$(X)` in either.
 * - `unknown`: anything else (`$(nproc)`, `a$X`, `*.py`), as it is written.
 */
export type Word =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string; readonly text: string }
  | { readonly kind: 'unknown'; readonly text: string };

/** A word cut where certainty ends: adjacent pieces, no two literal ones side by side, none of them empty. */
export interface CutWord {
  readonly pieces: readonly Word[];
  /** The word as it is written, quotes included. */
  readonly source: string;
}

/** A word whose value is known. */
export function literalWord(text: string): CutWord {
  return { pieces: text === '' ? [] : [{ kind: 'literal', text }], source: text };
}

/** A word of the given pieces; neighbouring literal ones are joined and empty ones dropped. */
export function cutWord(pieces: Iterable<Word>, source: string): CutWord {
  const joined: Word[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (piece.kind !== 'literal') joined.push(piece);
    else if (last?.kind === 'literal')
      joined[joined.length - 1] = { kind: 'literal', text: last.text + piece.text };
    else if (piece.text !== '') joined.push(piece);
  }
  return { pieces: joined, source };
}

/** Words with blanks between them, as one. */
export function joinWords(words: readonly CutWord[]): CutWord {
  const blank: Word = { kind: 'literal', text: ' ' };
  return cutWord(
    words.flatMap(({ pieces }) => [...pieces, blank]),
    words.map(({ source }) => source).join(' '),
  );
}

/** The whole word as one value. */
export function wholeWord({ pieces, source }: CutWord): Word {
  const [first, second] = pieces;
  if (first === undefined) return { kind: 'literal', text: '' };
  if (second !== undefined) return { kind: 'unknown', text: source };
  return first.kind === 'literal' ? first : { ...first, text: source };
}

/** The word's value; undefined when it is not wholly known. */
export function literalText(word: CutWord): string | undefined {
  const whole = wholeWord(word);
  return whole.kind === 'literal' ? whole.text : undefined;
}

/** What the word is certain to start with; empty when nothing is. */
export function leadingText({ pieces: [first] }: CutWord): string {
  return first?.kind === 'literal' ? first.text : '';
}

/** The word without its first `length` characters, all of which must lie in {@link leadingText}. */
export function dropLeading(word: CutWord, length: number): CutWord {
  const [, ...rest] = word.pieces;
  const left = leadingText(word).slice(length);
  return cutWord([{ kind: 'literal', text: left }, ...rest], left + rest.map((piece) => piece.text).join(''));
}

/**
 * The last component of a path; undefined when it is not certain.
 * `$HOME/bin/bitfusion` is certain to be a `bitfusion`, `${PREFIX}bitfusion` is not.
 */
export function baseName(word: CutWord): string | undefined {
  const last = word.pieces.at(-1);
  if (last?.kind !== 'literal') return undefined;
  const slash = last.text.lastIndexOf('/');
  return slash < 0 && word.pieces.length > 1 ? undefined : last.text.slice(slash + 1);
}
