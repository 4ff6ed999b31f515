import { type Assignment, type Command, forEachChild, parse, type SyntaxNode } from 'unbash';
import { assignedNames } from './assigned-names.ts';
import { type ClientCall, isClient, readCall } from './client-call.ts';
import { commandIndex } from './command-prefix.ts';
import { readShellInvocation } from './shell-invocation.ts';
import { mayNameClient } from './named-client.ts';
import { shellSource } from './shell-source.ts';
import { type ShellContext, shellWords } from './shell-word.ts';
import { maxParsedText, type TextBudget } from './text-budget.ts';
import { cutWord, type CutWord, literalWord, type Word } from './word.ts';

/** How deep `bash -c "bash -c '…'"` is followed: nobody nests deeper. */
const maxDepth = 4;

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

/**
 * The calls of the client in shell text, in the order in which they are written, wherever a command can stand: in
 * lists, pipelines, subshells, loops, functions, substitutions, in the text of an inner `sh -c` or `eval`. A text with
 * a fault gives the calls of the part that can be parsed.
 */
export function shellCalls(calling: CallingText): readonly ClientCall[] {
  const written = calling.pieces.map((piece) => piece.text).join('');
  const named = mayNameClient(written) || calling.positional?.some(({ source }) => mayNameClient(source));
  if (named !== true) return [];
  if (calling.depth > maxDepth) return [unread(`more than ${maxDepth} shells deep`)];
  if (!calling.budget.take(written.length)) return [unread(`over ${maxParsedText} characters in the pod`)];
  try {
    return callsInText(calling);
  } catch {
    // The parser recurses as deep as the text nests, and there is no telling the depth without parsing.
    return [unread('nested too deep')];
  }
}

function unread(reason: string): ClientCall {
  return { kind: 'unread', reason };
}

function callsInText(calling: CallingText): readonly ClientCall[] {
  const source = shellSource(calling.pieces);
  const script = parse(source.text);
  const { positional, budget } = calling;
  const context: ShellContext = { source, positional, budget, assigned: assignedNames(script) };
  const calls: ClientCall[] = [];
  const visit = (node: SyntaxNode): void => {
    if (node.type === 'Command') calls.push(...callsOf(commandWords(node, context), calling));
    forEachChild(node, visit);
  };
  visit(script);
  return calls;
}

/** The calls that one simple command makes. */
function callsOf(words: readonly CutWord[], { budget, depth }: CallingText): readonly ClientCall[] {
  const at = commandIndex(words);
  if (at === undefined) return [];
  const command = words.slice(at);
  if (isClient(command[0])) return [readCall(command)];
  const inner = { budget, depth: depth + 1 };
  if (command[0]?.source === 'eval')
    return shellCalls({ ...inner, pieces: evaluated(command.slice(1)), positional: undefined });
  const shell = readShellInvocation(command, 0);
  const text = shell && command[shell.textAt];
  return text === undefined
    ? []
    : shellCalls({ ...inner, pieces: text.pieces, positional: shell?.positional });
}

/** `eval` joins its words by blanks. */
function evaluated(words: readonly CutWord[]): readonly Word[] {
  return cutWord(
    words.flatMap((word) => [...word.pieces, { kind: 'literal' as const, text: ' ' }]),
    '',
  ).pieces;
}

function commandWords(command: Command, context: ShellContext): readonly CutWord[] {
  const words = command.name === undefined ? [] : [command.name, ...command.args];
  return words.flatMap((word) =>
    word.type === 'Word' ? shellWords(word, context) : [assignmentWord(word, context)],
  );
}

/** `NAME=VALUE` among a command's words; nothing here needs its value. */
function assignmentWord({ text }: Assignment, { source }: ShellContext): CutWord {
  return literalWord(source.restore(text));
}
