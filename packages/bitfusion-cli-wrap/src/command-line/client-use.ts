import type { ClientCall } from './client-call.ts';
import { argvWord, shellTextPieces } from './kubernetes-expansion.ts';
import { mayNameClient } from './named-client.ts';
import { shellCalls, unread } from './shell-calls.ts';
import { isShellText } from './shell-text.ts';
import { readCommand, startedCalls } from './started-calls.ts';
import { readStarter } from './started.ts';
import { maxWords, TextBudget } from './text-budget.ts';

/** That a container's command line runs the client itself. */
export interface ClientUse {
  /** In the argv (`command`, then `args`), or in shell text that is an element of `command` or of `args`. */
  readonly where: 'argv' | 'command-text' | 'args-text';
  /** `argv`: the client's index in `command` followed by `args`; else the text's index in `command` or in `args`. */
  readonly index: number;
  /** Never empty. */
  readonly calls: readonly ClientCall[];
}

/** The part of a container that says what it runs. */
export interface CommandLine {
  readonly command?: readonly string[];
  readonly args?: readonly string[];
}

/**
 * B33, B79: how a container's command line runs the client itself: as the first word of the argv or behind programs that
 * start others (`env`, `timeout 5`, `xargs`, …), in shell text after `-c`, in an element with blanks that stands alone.
 * Without `command`, `args` is read as if the image had no entry point, or one that runs its arguments.
 *
 * @param budget To be shared by the containers of a pod; without one, this command line has a budget of its own.
 * @returns undefined when it does not.
 */
export function readClientUse(
  { command = [], args = [] }: CommandLine,
  budget: TextBudget = new TextBudget(),
): ClientUse | undefined {
  if (!command.some(mayNameClient) && !args.some(mayNameClient)) return undefined;
  const [sole, list]: [readonly string[], TextList] =
    command.length > 0 ? [command, 'command'] : [args, 'args'];
  if (isShellText(sole)) {
    const positional = list === 'command' ? args.map(argvWord) : [];
    const text = positional.length > 0 ? `${sole[0] ?? ''} "$@"` : sole[0];
    const pieces = shellTextPieces(text ?? '');
    return useOf(`${list}-text`, 0, shellCalls({ pieces, positional, budget, depth: 0 }, readCommand));
  }
  const isCut = command.length + args.length > maxWords;
  const words = [...command, ...args].slice(0, maxWords).map(argvWord);
  const found = startedCalls(words, { budget, depth: 0, isArgv: true });
  const calls = found.map(({ call }) => call);
  const [first] = found;
  if (first === undefined) {
    const reason = `over ${maxWords} words`;
    return isCut && readStarter(words, 0) !== undefined ? useOf('argv', 0, [unread(reason)]) : undefined;
  }
  const index = Math.max(0, words.indexOf(first.word));
  if (!first.isText) return useOf('argv', index, calls);
  return index < command.length
    ? useOf('command-text', index, calls)
    : useOf('args-text', index - command.length, calls);
}

type TextList = 'command' | 'args';

function useOf(
  where: ClientUse['where'],
  index: number,
  calls: readonly ClientCall[],
): ClientUse | undefined {
  return calls.length === 0 ? undefined : { where, index, calls };
}
