import { baseName, type CutWord, leadingText, literalText } from './word.ts';

/** A shell that is given its text as an argument. */
export interface ShellInvocation {
  /** Index, among the words, of the text. */
  readonly textAt: number;
  /** What `"$@"` is in the text: the words after `$0`. */
  readonly positional: readonly CutWord[];
}

const shells: ReadonlySet<string> = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'mksh']);

/** Options of shells whose value is the next word. */
const valued: ReadonlySet<string> = new Set(['--rcfile', '--init-file']);

/**
 * Reads `sh -c TEXT`, `bash -lc TEXT`, `bash -e -o pipefail -c TEXT NAME ARG…`, `busybox sh -c TEXT`. As in POSIX, all
 * options come before the text, wherever `-c` stands among them, and each `o` or `O` in a cluster takes a word.
 *
 * @returns undefined when the words start no shell, or one that reads its commands from a file or from its input.
 */
export function readShellInvocation(words: readonly CutWord[], from: number): ShellInvocation | undefined {
  let at = from;
  if (nameAt(words, at) === 'busybox') at++;
  if (!shells.has(nameAt(words, at) ?? '')) return undefined;
  at++;
  let takesText = false;
  for (let word = words[at]; word !== undefined && /^[-+]/.test(leadingText(word)); word = words[at]) {
    const option = literalText(word);
    if (option === undefined) return undefined;
    at++;
    if (option === '--' || option === '-') break;
    if (option.startsWith('--')) at += valued.has(option) ? 1 : 0;
    else {
      takesText ||= option.startsWith('-') && option.includes('c');
      at += option.match(/[oO]/g)?.length ?? 0;
    }
  }
  if (!takesText || at >= words.length) return undefined;
  return { textAt: at, positional: words.slice(at + 2) };
}

/** Is this word the name of a shell? */
export function isShell(word: CutWord | undefined): boolean {
  return word !== undefined && shells.has(baseName(word) ?? '');
}

function nameAt(words: readonly CutWord[], at: number): string | undefined {
  const word = words[at];
  return word === undefined ? undefined : baseName(word);
}
