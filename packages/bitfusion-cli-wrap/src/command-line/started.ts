import { isClient } from './client-call.ts';
import { readShellInvocation } from './shell-invocation.ts';
import { starters, type Starter } from './starters.ts';
import { splitWords } from './split-words.ts';
import { baseName, type CutWord, dropLeading, joinWords, leadingText, literalText } from './word.ts';

/** What a command line starts, by way of its first word. */
export interface Started {
  /** Index of the command that it becomes or starts, among the same words. */
  readonly next?: number;
  /** Commands of words of their own. */
  readonly commands?: readonly (readonly CutWord[])[];
  /** Shell texts, each with the word that it is for the words before. */
  readonly texts?: readonly CutWord[];
}

/** Reads what the word at this index starts; undefined where it is no program that starts others. */
export function readStarter(words: readonly CutWord[], at: number): Started | undefined {
  const word = words[at];
  const starter = starters.get((word && baseName(word)) ?? '');
  if (starter === undefined) return undefined;
  const options = readOptions(words, at + 1, starter);
  if (options.isInert) return {};
  const { texts, split } = options;
  if (split !== undefined && word !== undefined)
    return { commands: [[word, ...splitWords(split), ...words.slice(options.end)]] };
  const next = skipAssignments(words, options.end + (starter.operands ?? 0));
  switch (starter.then ?? 'command') {
    case 'command':
      return commandAt(words, next, starter, texts);
    case 'joined':
      return { texts: next < words.length ? [joinWords(words.slice(next))] : [] };
    case 'trap':
      return { texts: words.slice(options.end, options.end + 1) };
    case 'nothing':
      return { texts: textsAnywhere(words, at + 1, starter) };
    case 'anywhere': {
      const found = texts.length > 0 ? undefined : firstClient(words, at + 1);
      return found === undefined ? { texts: textsAnywhere(words, at + 1, starter) } : { next: found };
    }
    case 'actions':
      return { commands: actions(words, at + 1) };
    case 'entrypoint':
      return { commands: entrypoint(words, at + 1) };
  }
}

interface Options {
  /** Index behind the options. */
  readonly end: number;
  readonly isInert: boolean;
  readonly texts: readonly CutWord[];
  /** The value of `env -S`, whose words stand for it: options may be among them. */
  readonly split: CutWord | undefined;
}

function readOptions(words: readonly CutWord[], from: number, starter: Starter): Options {
  const texts: CutWord[] = [];
  let end = from;
  for (let word = words[end]; word !== undefined; word = words[end]) {
    if (!leadingText(word).startsWith('-')) break;
    end += 1;
    if (literalText(word) === '--') break;
    const option = readOption(word, starter);
    if (starter.inert?.includes(option.name) === true) return { end, isInert: true, texts, split: undefined };
    if (!option.isValued) continue;
    const value = option.value ?? words[end++];
    if (value === undefined) break;
    if (starter.split?.includes(option.name) === true) return { end, isInert: false, texts, split: value };
    if (starter.text?.includes(option.name) === true) texts.push(value);
  }
  return { end, isInert: false, texts, split: undefined };
}

interface Option {
  readonly name: string;
  readonly isValued: boolean;
  /** Undefined where the value is the next word. */
  readonly value: CutWord | undefined;
}

function readOption(word: CutWord, { letters = '', attached = '', long = [], text = [] }: Starter): Option {
  const head = leadingText(word);
  if (head.startsWith('--')) {
    const equals = head.indexOf('=');
    const given = equals < 0 ? head : head.slice(0, equals);
    // Long options may be shortened as far as they stay clear.
    const name = [...long, ...text].find((known) => known.startsWith(given)) ?? given;
    const isValued = equals >= 0 || name !== given || long.includes(name) || text.includes(name);
    return { name, isValued, value: equals < 0 ? undefined : dropLeading(word, equals + 1) };
  }
  for (let index = 1; index < head.length; index += 1) {
    const letter = head[index] ?? '';
    const name = `-${letter}`;
    const isLast = index === head.length - 1 && word.pieces.length === 1;
    if (attached.includes(letter)) return { name, isValued: false, value: undefined };
    if (letters.includes(letter) || text.includes(name))
      return { name, isValued: true, value: isLast ? undefined : dropLeading(word, index + 1) };
  }
  return { name: head.slice(0, 2), isValued: false, value: undefined };
}

/** `NAME=VALUE` words are skipped everywhere: only `env` and `sudo` take them, and no program is called so. */
function skipAssignments(words: readonly CutWord[], from: number): number {
  let at = from;
  for (let word = words[at]; word !== undefined; word = words[++at]) {
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*=/.test(leadingText(word))) break;
  }
  return at;
}

function commandAt(
  words: readonly CutWord[],
  next: number,
  starter: Starter,
  texts: readonly CutWord[],
): Started {
  const word = words[next];
  // `flock FILE -c TEXT`.
  if (word !== undefined && starter.text?.includes(literalText(word) ?? '') === true)
    return { texts: words.slice(next + 1, next + 2) };
  return texts.length > 0 ? { texts } : { next };
}

/** `su app -c TEXT`: options may follow the operands, too, and stand together (`-lc`). */
function textsAnywhere(words: readonly CutWord[], from: number, { text = [] }: Starter): readonly CutWord[] {
  if (text.length === 0) return [];
  const isText = (word: CutWord): boolean => {
    const whole = literalText(word) ?? '';
    return text.includes(whole) || /^-[a-z]*c$/.test(whole);
  };
  const found: CutWord[] = [];
  for (let at = from; at < words.length; at += 1) {
    const word = words[at];
    const next = words[at + 1];
    if (word === undefined) break;
    const equals = leadingText(word).indexOf('=');
    if (equals > 0 && text.includes(leadingText(word).slice(0, equals)))
      found.push(dropLeading(word, equals + 1));
    else if (isText(word) && next !== undefined) found.push(next);
  }
  return found;
}

const subcommands: ReadonlySet<string> = new Set([
  'run',
  'request_gpus',
  'client',
  'release_gpus',
  'list_gpus',
  'health',
]);

/** The client's name alone says little here: it may be a directory, or a package. */
function firstClient(words: readonly CutWord[], from: number): number | undefined {
  for (let at = from; at < words.length; at += 1) {
    const next = words[at + 1];
    const isCall = isClient(words[at]) && next !== undefined && subcommands.has(literalText(next) ?? 'run');
    if (isCall || readShellInvocation(words, at) !== undefined) return at;
  }
  return undefined;
}

const startingActions: ReadonlySet<string> = new Set(['-exec', '-execdir', '-ok', '-okdir']);

function actions(words: readonly CutWord[], from: number): readonly (readonly CutWord[])[] {
  const commands: CutWord[][] = [];
  let command: CutWord[] | undefined;
  for (const word of words.slice(from)) {
    const text = literalText(word) ?? '';
    if (text === ';' || text === '+') command = undefined;
    else if (command !== undefined) command.push(word);
    else if (startingActions.has(text)) commands.push((command = []));
  }
  return commands;
}

function entrypoint(words: readonly CutWord[], from: number): readonly (readonly CutWord[])[] {
  const end = words.findIndex((word, index) => index >= from && literalText(word) === '--');
  const own = end < 0 ? words.slice(from) : words.slice(from, end);
  const at = own.findIndex((word) => ['-entrypoint', '--entrypoint'].includes(literalText(word) ?? ''));
  const attached = own.find((word) => /^--?entrypoint=/.test(leadingText(word)));
  const program = attached
    ? dropLeading(attached, leadingText(attached).indexOf('=') + 1)
    : at < 0
      ? undefined
      : own[at + 1];
  return program === undefined ? [] : [[program, ...(end < 0 ? [] : words.slice(end + 1))]];
}
