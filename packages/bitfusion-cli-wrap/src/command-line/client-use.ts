import { type ClientCall, isClient, readCall } from './client-call.ts';
import { commandIndex } from './command-prefix.ts';
import { argvWord, shellTextPieces } from './kubernetes-expansion.ts';
import { shellCalls } from './shell-calls.ts';
import { readShellInvocation } from './shell-invocation.ts';
import { isShellText } from './shell-text.ts';
import { type CutWord } from './word.ts';

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
 * @returns undefined when it does not.
 */
export function readClientUse({ command = [], args = [] }: CommandLine): ClientUse | undefined {
  if (!command.some(mayNameClient) && !args.some(mayNameClient)) return undefined;
  const [sole, list]: [readonly string[], TextList] =
    command.length > 0 ? [command, 'command'] : [args, 'args'];
  if (isShellText(sole)) {
    const positional = list === 'command' ? args.map(argvWord) : [];
    const text = positional.length > 0 ? `${sole[0] ?? ''} "$@"` : sole[0];
    return textUse(list, 0, text, positional);
  }
  const words = [...command, ...args].map(argvWord);
  const at = commandIndex(words);
  if (at === undefined) return undefined;
  if (isClient(words[at])) return { where: 'argv', index: at, calls: [readCall(words.slice(at))] };
  const shell = readShellInvocation(words, at);
  if (shell === undefined) return undefined;
  const { textAt, positional } = shell;
  return textAt < command.length
    ? textUse('command', textAt, command[textAt], positional)
    : textUse('args', textAt - command.length, args[textAt - command.length], positional);
}

/**
 * Most command lines are told apart by this alone: without a quote or a backslash, which may stand inside a name
 * (`bit''fusion`), the client's name is written out wherever it is a word.
 */
function mayNameClient(element: string): boolean {
  return element.includes('bitfusion') || /['"\\]/.test(element);
}

type TextList = 'command' | 'args';

function textUse(
  list: TextList,
  index: number,
  text: string | undefined,
  positional: readonly CutWord[],
): ClientUse | undefined {
  const calls = shellCalls(shellTextPieces(text ?? ''), positional);
  return calls.length === 0 ? undefined : { where: `${list}-text`, index, calls };
}
