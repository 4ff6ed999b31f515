import { type ClientCall, isClient, readCall } from './client-call.ts';
import { commandIndex } from './command-prefix.ts';
import { argvWord, shellTextPieces } from './kubernetes-expansion.ts';
import { mayNameClient } from './named-client.ts';
import { type CallingText, shellCalls } from './shell-calls.ts';
import { readShellInvocation } from './shell-invocation.ts';
import { isShellText } from './shell-text.ts';
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
 * B33: how a container's command line runs the client itself. Seen are: the client as the first word of the argv, also
 * behind `env`, `exec`, `timeout 5` and their like; shell text after a shell's `-c`; one element with blanks alone.
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
    return textUse(list, 0, text, { positional, budget, depth: 0 });
  }
  const all = [...command, ...args].slice(0, maxWords);
  const words = all.map(argvWord);
  const at = commandIndex(words);
  if (at === undefined || at >= words.length) {
    const isCut = all.length === maxWords;
    return isCut
      ? { where: 'argv', index: 0, calls: [{ kind: 'unread', reason: `over ${maxWords} words` }] }
      : undefined;
  }
  if (isClient(words[at])) return { where: 'argv', index: at, calls: [readCall(words.slice(at))] };
  const shell = readShellInvocation(words, at);
  if (shell === undefined) return undefined;
  const { textAt, positional } = shell;
  const context = { positional, budget, depth: 0 };
  return textAt < command.length
    ? textUse('command', textAt, command[textAt], context)
    : textUse('args', textAt - command.length, args[textAt - command.length], context);
}

type TextList = 'command' | 'args';

function textUse(
  list: TextList,
  index: number,
  text: string | undefined,
  context: Omit<CallingText, 'pieces'>,
): ClientUse | undefined {
  const calls = shellCalls({ ...context, pieces: shellTextPieces(text ?? '') });
  return calls.length === 0 ? undefined : { where: `${list}-text`, index, calls };
}
