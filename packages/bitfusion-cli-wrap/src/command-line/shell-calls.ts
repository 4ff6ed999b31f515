import {
  type Assignment,
  type Command,
  forEachChild,
  parse,
  type ParsedScript,
  type Pipeline,
  type SyntaxNode,
} from 'unbash';
import { assignedNames, assignedTexts } from './assigned-names.ts';
import { type ClientCall, isClient } from './client-call.ts';
import { mayNameClient } from './named-client.ts';
import { readsItsInput } from './shell-input.ts';
import { shellSource } from './shell-source.ts';
import { type ShellContext, shellWords } from './shell-word.ts';
import { splitWords } from './split-words.ts';
import { maxParsedText, type TextBudget } from './text-budget.ts';
import { joinWords, type CutWord, literalWord, type Word } from './word.ts';

/** Shell text, and what its meaning depends on. */
export interface CallingText {
  /** The text, cut where it is only known at run time. */
  readonly pieces: readonly Word[];
  /** What `"$@"` is in it; undefined when that is not known. */
  readonly positional: readonly CutWord[] | undefined;
  /** Shared by all texts of a pod, and by the texts in a text. */
  readonly budget: TextBudget;
  /** How many texts this one is nested in. */
  readonly depth: number;
}

/** Reads the calls that one command makes, itself or by what it starts. */
export type CommandReader = (
  words: readonly CutWord[],
  budget: TextBudget,
  depth: number,
) => readonly ClientCall[];

/** `$NAME`, `${NAME}`, also in quotes. */
const wholeVariable = /^"?\$\{?([a-zA-Z_][a-zA-Z0-9_]*)\}?"?$/;

/** Values of variables that are tried in one command. */
const maxVariants = 4;

/** How deep `bash -c "bash -c '…'"` is followed: nobody nests deeper. */
const maxDepth = 4;

/**
 * The calls of the client in shell text, in the order in which they are written, wherever a command can stand: in
 * lists, pipelines, subshells, loops, functions, substitutions, in text that another shell reads. A text with a fault
 * gives the calls of the part that can be parsed.
 */
export function shellCalls(calling: CallingText, readCommand: CommandReader): readonly ClientCall[] {
  const written = calling.pieces.map((piece) => piece.text).join('');
  const named = mayNameClient(written) || calling.positional?.some(({ source }) => mayNameClient(source));
  if (named !== true) return [];
  if (calling.depth > maxDepth) return [unread(`more than ${maxDepth} shells deep`)];
  if (!calling.budget.take(written.length)) return [unread(`over ${maxParsedText} characters in the pod`)];
  try {
    return new TextReader(calling, readCommand).calls();
  } catch {
    // The parser recurses as deep as the text nests, and there is no telling the depth without parsing.
    return [unread('nested too deep')];
  }
}

export function unread(reason: string): ClientCall {
  return { kind: 'unread', reason };
}

class TextReader {
  readonly #calling: CallingText;
  readonly #readCommand: CommandReader;
  readonly #script: ParsedScript;
  readonly #context: ShellContext;
  readonly #texts: ReadonlyMap<string, readonly string[]>;

  constructor(calling: CallingText, readCommand: CommandReader) {
    const source = shellSource(calling.pieces);
    this.#calling = calling;
    this.#readCommand = readCommand;
    this.#script = parse(source.text);
    const { positional, budget } = calling;
    this.#context = { source, positional, budget, assigned: assignedNames(this.#script) };
    this.#texts = assignedTexts(this.#script);
  }

  calls(): readonly ClientCall[] {
    const calls: ClientCall[] = [];
    const visit = (node: SyntaxNode): void => {
      if (node.type === 'Command') for (const call of this.#ofCommand(node)) calls.push(call);
      if (node.type === 'Pipeline') for (const call of this.#ofPipeline(node)) calls.push(call);
      forEachChild(node, visit);
    };
    visit(this.#script);
    return calls;
  }

  #ofCommand(command: Command): readonly ClientCall[] {
    const words = this.#wordsOf(command);
    const fed = readsItsInput(words) ? this.#ofInner(this.#inputOf(command)) : [];
    return [...this.#variants(words).flatMap((variant) => this.#run(variant)), ...fed];
  }

  #run(words: readonly CutWord[]): readonly ClientCall[] {
    return this.#readCommand(words, this.#calling.budget, this.#calling.depth);
  }

  /** Text that one command writes and a shell behind it reads. */
  #ofPipeline({ commands }: Pipeline): readonly ClientCall[] {
    const shell = commands.findIndex(
      (command, index) => index > 0 && command.type === 'Command' && readsItsInput(this.#wordsOf(command)),
    );
    return commands.slice(0, Math.max(0, shell)).flatMap((command) => {
      if (command.type !== 'Command') return [];
      const [name, ...args] = this.#wordsOf(command);
      const written = name?.source === 'echo' ? [joinWords(args)] : name?.source === 'printf' ? args : [];
      return this.#ofInner([...this.#inputOf(command), ...written.map(({ pieces }) => pieces)]);
    });
  }

  #ofInner(texts: readonly (readonly Word[])[]): readonly ClientCall[] {
    const { budget, depth } = this.#calling;
    return texts.flatMap((pieces) =>
      shellCalls({ pieces, positional: undefined, budget, depth: depth + 1 }, this.#readCommand),
    );
  }

  /** Here-documents and here-strings of a command. */
  #inputOf({ redirects }: Command): readonly (readonly Word[])[] {
    return redirects.flatMap((redirect) => {
      if (redirect.type === 'HereDoc') return [this.#context.source.cut(redirect.body.text)];
      if (redirect.type !== 'HereString' || redirect.target === undefined) return [];
      return shellWords(redirect.target, this.#context).map(({ pieces }) => pieces);
    });
  }

  /**
   * `CMD='bitfusion run -n 4'; exec $CMD x`: the command with each value that the text gives to such a variable. Only
   * where a value names the client, or is what the command starts with: other variables stay unknown.
   */
  #variants(words: readonly CutWord[]): readonly (readonly CutWord[])[] {
    const isNamed = words.some(({ source }) => mayNameClient(source));
    let variants: (readonly CutWord[])[] = [[]];
    for (const [index, word] of words.entries()) {
      const name = wholeVariable.exec(word.source)?.[1];
      const values = name === undefined ? undefined : this.#texts.get(name)?.slice(0, maxVariants);
      // `$SUDO bitfusion …`: nothing is known of the variable, and it may well be empty.
      if (name !== undefined && values === undefined && index === 0 && isClient(words[1])) continue;
      const isCommand = values?.some(mayNameClient) === true || (index === 0 && isNamed);
      if (values === undefined || !isCommand || !this.#context.budget.take(values.join('').length)) {
        variants = variants.map((variant) => [...variant, word]);
      } else {
        const split = values.map((value) => splitWords(literalWord(this.#context.source.restore(value))));
        const more = variants.flatMap((variant) => split.map((value) => [...variant, ...value]));
        variants = more.slice(0, maxVariants);
      }
    }
    return variants;
  }

  #wordsOf(command: Command): readonly CutWord[] {
    const words = command.name === undefined ? [] : [command.name, ...command.args];
    return words.flatMap((word) =>
      word.type === 'Word' ? shellWords(word, this.#context) : [this.#assignmentWord(word)],
    );
  }

  /** `NAME=VALUE` among a command's words; nothing here needs its value. */
  #assignmentWord({ text }: Assignment): CutWord {
    return literalWord(this.#context.source.restore(text));
  }
}
