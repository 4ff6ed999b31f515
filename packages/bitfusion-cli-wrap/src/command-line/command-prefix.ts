import { baseName, type CutWord, leadingText, literalText } from './word.ts';

/** A command that only starts another one, named by its remaining words. */
interface Prefix {
  /** Options whose value is the next word, when it is not attached. */
  readonly valued?: readonly string[];
  /** Options with which it starts nothing (`command -v`). */
  readonly inert?: readonly string[];
  /** Words between the options and the command (`timeout 5 …`). */
  readonly operands?: number;
}

/** `NAME=VALUE` words are skipped in all of them: only `env` and `sudo` take them, and no program is called so. */
const prefixes: Readonly<Record<string, Prefix>> = {
  exec: { valued: ['-a'] },
  command: { inert: ['-v', '-V'] },
  builtin: {},
  env: { valued: ['-u', '--unset', '-C', '--chdir', '-S', '--split-string'] },
  nohup: {},
  time: { valued: ['-f', '--format', '-o', '--output'] },
  timeout: { valued: ['-s', '--signal', '-k', '--kill-after'], operands: 1 },
  nice: { valued: ['-n', '--adjustment'] },
  ionice: { valued: ['-c', '--class', '-n', '--classdata'] },
  setsid: {},
  stdbuf: { valued: ['-i', '--input', '-o', '--output', '-e', '--error'] },
  taskset: { operands: 1 },
  numactl: {},
  sudo: { valued: ['-u', '--user', '-g', '--group', '-C', '-D', '-h', '-p', '-r', '-t', '-T', '-U'] },
  gosu: { operands: 1 },
  'su-exec': { operands: 1 },
  tini: { valued: ['-p', '-e'] },
  'dumb-init': { valued: ['-r', '--rewrite'] },
};

/**
 * Where the command word is, behind `exec`, `env X=1`, `nohup`, `timeout 5` and their like, themselves nested at will.
 *
 * @returns undefined when no command is started.
 */
export function commandIndex(words: readonly CutWord[]): number | undefined {
  let at = 0;
  for (;;) {
    const word = words[at];
    if (word === undefined) return undefined;
    const name = baseName(word);
    const prefix = name !== undefined && Object.hasOwn(prefixes, name) ? prefixes[name] : undefined;
    if (prefix === undefined) return at;
    const next = skipPrefix(words, at + 1, prefix);
    if (next === undefined) return undefined;
    at = next;
  }
}

function skipPrefix(words: readonly CutWord[], from: number, prefix: Prefix): number | undefined {
  let at = from;
  for (let word = words[at]; word !== undefined && leadingText(word).startsWith('-'); word = words[at]) {
    const option = literalText(word) ?? '';
    if (prefix.inert?.includes(option)) return undefined;
    at += prefix.valued?.includes(option) ? 2 : 1;
    if (option === '--') break;
  }
  at += prefix.operands ?? 0;
  while (isAssignment(words[at])) at++;
  return at;
}

function isAssignment(word: CutWord | undefined): boolean {
  return word !== undefined && /^[a-zA-Z_][a-zA-Z0-9_]*=/.test(leadingText(word));
}
