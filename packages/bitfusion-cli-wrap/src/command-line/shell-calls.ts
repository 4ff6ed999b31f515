import { type Assignment, type Command, forEachChild, parse, type SyntaxNode } from 'unbash';
import { assignedNames } from './assigned-names.ts';
import { type ClientCall, isClient, readCall } from './client-call.ts';
import { commandIndex } from './command-prefix.ts';
import { readShellInvocation } from './shell-invocation.ts';
import { shellSource } from './shell-source.ts';
import { type ShellContext, shellWords } from './shell-word.ts';
import { cutWord, type CutWord, literalWord, type Word } from './word.ts';

/** How deep `bash -c "bash -c '…'"` is followed: nobody nests deeper, and the work stays bounded. */
const maxDepth = 4;

/**
 * The calls of the client in shell text, in the order in which they are written, wherever a command can stand: in
 * lists, pipelines, subshells, loops, functions, substitutions, in the text of an inner `sh -c` or `eval`. A text with
 * a fault gives the calls of the part that can be parsed.
 *
 * @param pieces The text, cut where it is only known at run time.
 * @param positional What `"$@"` is in it; undefined when that is not known.
 */
export function shellCalls(
  pieces: readonly Word[],
  positional?: readonly CutWord[],
  depth = 0,
): readonly ClientCall[] {
  const source = shellSource(pieces);
  const script = parse(source.text);
  const context: ShellContext = { source, positional, assigned: assignedNames(script) };
  const calls: ClientCall[] = [];
  const visit = (node: SyntaxNode): void => {
    if (node.type === 'Command') calls.push(...callsOf(commandWords(node, context), depth));
    forEachChild(node, visit);
  };
  visit(script);
  return calls;
}

/** The calls that one simple command makes. */
function callsOf(words: readonly CutWord[], depth: number): readonly ClientCall[] {
  const at = commandIndex(words);
  if (at === undefined) return [];
  const command = words.slice(at);
  if (isClient(command[0])) return [readCall(command)];
  if (depth >= maxDepth) return [];
  if (command[0]?.source === 'eval') return shellCalls(evaluated(command.slice(1)), undefined, depth + 1);
  const shell = readShellInvocation(command, 0);
  const text = shell && command[shell.textAt];
  return text === undefined ? [] : shellCalls(text.pieces, shell?.positional, depth + 1);
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
