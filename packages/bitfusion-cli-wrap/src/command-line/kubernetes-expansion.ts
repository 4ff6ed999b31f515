import { cutWord, type CutWord, literalWord, type Word } from './word.ts';

/** A part of a string in which Kubernetes expands `$(NAME)`. */
type Segment =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'reference'; readonly name: string };

/**
 * Reads a string as Kubernetes does before it starts a container, in every element of `command` and `args`:
 * `$$` is a dollar, `$(NAME)` a reference up to the next `)`, any other dollar itself.
 */
function* segments(value: string): Generator<Segment> {
  let from = 0;
  // Looked for once where there is none, or a text of nothing but `$(` would take time that grows with its square.
  const lastClose = value.lastIndexOf(')');
  for (let at = value.indexOf('$'); at >= 0; at = value.indexOf('$', from)) {
    if (at > from) yield { kind: 'text', text: value.slice(from, at) };
    const close = value[at + 1] === '(' && at < lastClose ? value.indexOf(')', at + 2) : -1;
    if (close >= 0) {
      yield { kind: 'reference', name: value.slice(at + 2, close) };
      from = close + 1;
    } else if (value[at + 1] === '$') {
      yield { kind: 'text', text: '$' };
      from = at + 2;
    } else {
      yield { kind: 'text', text: value.slice(at, at + 2) };
      from = at + 2;
    }
  }
  if (from < value.length) yield { kind: 'text', text: value.slice(from) };
}

/**
 * An element of a container's argv as one word: `$(NAME)` is a variable, `$$(NAME)` the text `$(NAME)`.
 * Whether NAME is set is not known here; Kubernetes leaves a reference to an unset one as it is.
 */
export function argvWord(value: string): CutWord {
  // Most words have none; a command line may have hundreds of thousands.
  return value.includes('$') ? cutWord(pieces(value, /^[^=]+$/), value) : literalWord(value);
}

/**
 * An element that holds shell text, before the shell reads it. `$(NAME)` may be Kubernetes' reference or the shell's
 * command substitution, and which one depends on the container's environment. It is taken for a reference when NAME
 * could be a variable's usual name; `$(nproc)` then is a variable that nobody sets, as little known as before.
 * `$(nproc --all)` and the escaped `$$(nproc)` stay command substitutions.
 */
export function shellTextPieces(value: string): readonly Word[] {
  return cutWord(pieces(value, /^[-._a-zA-Z][-._a-zA-Z0-9]*$/), value).pieces;
}

function* pieces(value: string, names: RegExp): Generator<Word> {
  for (const segment of segments(value)) {
    if (segment.kind === 'text') yield { kind: 'literal', text: segment.text };
    else if (names.test(segment.name))
      yield { kind: 'variable', name: segment.name, text: `$(${segment.name})` };
    else yield { kind: 'literal', text: `$(${segment.name})` };
  }
}
