import { isShell, readShellInvocation } from './shell-invocation.ts';
import { starters } from './starters.ts';
import { baseName, type CutWord, literalText } from './word.ts';

/**
 * Is this a shell that reads its commands from its input, alone or behind programs that start others
 * (`sudo -u app bash -s`)? A shell that is given a text or the name of a file reads that.
 */
export function readsItsInput(words: readonly CutWord[]): boolean {
  const [first] = words;
  if (first === undefined || !(isShell(first) || starters.has(baseName(first) ?? ''))) return false;
  const at = words.findLastIndex(isShell);
  if (at < 0 || readShellInvocation(words, at) !== undefined) return false;
  const rest = words.slice(at + 1).map((word) => literalText(word) ?? '');
  return rest.every((word) => /^[-+]/.test(word)) || rest.some((word) => /^-[a-z]*s$/.test(word));
}
