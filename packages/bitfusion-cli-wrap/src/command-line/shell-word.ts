import type { Word as ShellWord, WordPart } from 'unbash';
import type { ShellSource } from './shell-source.ts';
import type { TextBudget } from './text-budget.ts';
import { cutWord, type CutWord, type Word } from './word.ts';

/** What a shell word's meaning depends on besides itself. */
export interface ShellContext {
  readonly source: ShellSource;
  /** Names the text itself gives a value to: their value is not the environment's. */
  readonly assigned: ReadonlySet<string>;
  /** What `"$@"` stands for; undefined when that is not known. */
  readonly positional: readonly CutWord[] | undefined;
  /** Each `"$@"` takes its words out of it, since a short text can repeat a long list. */
  readonly budget: TextBudget;
}

const identifier = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** One word of shell text; `"$@"` is as many words as there are positional parameters. */
export function shellWords(word: ShellWord, context: ShellContext): readonly CutWord[] {
  const { positional, budget } = context;
  if (word.text === '"$@"' && positional !== undefined && budget.take(positional.length)) return positional;
  const tilde = word.text.startsWith('~');
  const parts = tilde ? [unknown(word.text, context)] : wordPieces(word, context);
  return [cutWord(parts, context.source.restore(word.text))];
}

function* wordPieces(word: ShellWord, context: ShellContext): Generator<Word> {
  if (word.parts === undefined) yield* context.source.cut(word.value);
  else for (const part of word.parts) yield* partPieces(part, context);
}

function* partPieces(part: WordPart, context: ShellContext): Generator<Word> {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      yield* context.source.cut(part.value);
      return;
    case 'DoubleQuoted':
    case 'LocaleString':
      for (const child of part.parts) yield* partPieces(child, context);
      return;
    case 'SimpleExpansion':
      yield variable(part.text.slice(1), part.text, context);
      return;
    case 'ParameterExpansion': {
      const plain = part.prefix === undefined && part.index === undefined && part.operation === undefined;
      yield plain ? variable(part.parameter, part.text, context) : unknown(part.text, context);
      return;
    }
    case 'CommandExpansion':
    case 'ArithmeticExpansion':
    case 'ProcessSubstitution':
    case 'Glob':
    case 'ExtendedGlob':
    case 'BraceExpansion':
      yield unknown(part.text, context);
  }
}

function variable(name: string, text: string, context: ShellContext): Word {
  return identifier.test(name) && !context.assigned.has(name)
    ? { kind: 'variable', name, text }
    : unknown(text, context);
}

function unknown(text: string, { source }: ShellContext): Word {
  return { kind: 'unknown', text: source.restore(text) };
}
