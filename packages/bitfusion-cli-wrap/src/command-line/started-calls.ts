import { type ClientCall, isClient, programIndex, readCall } from './client-call.ts';
import { shellTextPieces } from './kubernetes-expansion.ts';
import { mayNameClient } from './named-client.ts';
import { type CallingText, type CommandReader, shellCalls, unread } from './shell-calls.ts';
import { readShellInvocation } from './shell-invocation.ts';
import { isShellText } from './shell-text.ts';
import { readStarter, type Started } from './started.ts';
import type { TextBudget } from './text-budget.ts';
import { type CutWord, literalText } from './word.ts';

/** A call of the client, and the word of the command line that it comes from: the client itself, or a text. */
export interface FoundCall {
  readonly call: ClientCall;
  readonly word: CutWord;
  readonly isText: boolean;
}

/** What the reading of a command depends on. */
export interface Reading {
  readonly budget: TextBudget;
  /** How many texts the command is nested in. */
  readonly depth: number;
  /** The words are a container's own, so that Kubernetes expands what it finds in a text before a shell does. */
  readonly isArgv?: boolean;
  /** How many commands led to this one, by starters that have several. */
  readonly branches?: number;
}

/** Calls within calls, and starters within starters that have several commands each, such as `find -exec find …`. */
const maxBranches = 4;

/**
 * The calls that one command makes: the client as its first word, behind programs that start others, in the text of a
 * shell, and as the program of another call.
 */
export function startedCalls(words: readonly CutWord[], reading: Reading): readonly FoundCall[] {
  const { budget, depth, isArgv = false, branches = 0 } = reading;
  const found: FoundCall[] = [];
  const readText = (word: CutWord, positional?: CallingText['positional']): void => {
    const pieces = isArgv ? shellTextPieces(word.source) : word.pieces;
    const calls = shellCalls({ pieces, positional, budget, depth }, readCommand);
    for (const call of calls) found.push({ call, word, isText: true });
  };
  const readBranch = (command: readonly CutWord[], from: CutWord): void => {
    const inner =
      branches < maxBranches
        ? startedCalls(command, { ...reading, branches: branches + 1 })
        : [{ call: unread('started too indirectly'), word: from, isText: false }];
    found.push(...inner);
  };
  let at: number | undefined = 0;
  while (at !== undefined) {
    const word: CutWord | undefined = words[at];
    if (word === undefined) break;
    if (isClient(word)) {
      const command = words.slice(at);
      const call = readCall(command);
      found.push({ call, word, isText: false });
      const program = command.slice(programIndex(command, call));
      const [sole] = program;
      if (sole !== undefined && program.length === 1 && isShellText([literalText(sole) ?? sole.source]))
        readText(sole);
      else if (program.some(({ source }) => mayNameClient(source))) readBranch(program, word);
      break;
    }
    const shell = readShellInvocation(words, at);
    const text = shell && words[shell.textAt];
    if (text !== undefined) {
      readText(text, shell?.positional);
      break;
    }
    const started: Started | undefined = readStarter(words, at);
    for (const inner of started?.texts ?? []) readText(inner);
    for (const command of started?.commands ?? []) readBranch(command, word);
    at = started?.next;
  }
  return found;
}

/** For the commands of a text, which is one level deeper than the command that has the text. */
export const readCommand: CommandReader = (words, budget, depth) =>
  startedCalls(words, { budget, depth: depth + 1 }).map(({ call }) => call);
