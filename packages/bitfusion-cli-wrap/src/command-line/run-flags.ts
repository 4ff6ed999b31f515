import { type CutWord, dropLeading, leadingText, literalText, type Word, wholeWord } from './word.ts';

/** What a `run` asks for. `partial` and `memory` exclude each other for the client; here both may be there. */
export interface RunFlags {
  /** `-n`, `--num_gpus`: GPUs. */
  readonly amount?: Word;
  /** `-p`, `--partial`: the part of each GPU's memory, above 0 and up to 1. */
  readonly partial?: Word;
  /** `-m`, `--memory`: MiB of each GPU's memory. */
  readonly memory?: Word;
  /** `--filter`, in order. */
  readonly filters: readonly Word[];
  /** The program and its arguments; one word with blanks is a text that the client gives to a shell. */
  readonly program: readonly Word[];
}

/** Why the options of a `run` cannot be told from its program. */
export interface RunFlagsFault {
  readonly reason: string;
}

type Field = 'amount' | 'partial' | 'memory' | 'filter' | 'ignored';

/** The client's options that take a value. Where the servers come from changes nothing about what is asked for. */
const options: Readonly<Record<string, Field>> = {
  '-n': 'amount',
  '--num_gpus': 'amount',
  '-p': 'partial',
  '--partial': 'partial',
  '-m': 'memory',
  '--memory': 'memory',
  '--filter': 'filter',
  '-l': 'ignored',
  '--server_list': 'ignored',
};

/**
 * Reads the words after `run` as the client does, whose options follow Go's pflag: `-n 2`, `-n2`, `-n=2`,
 * `--num_gpus 2`, `--num_gpus=2`; the last one counts; the first word that is no option starts the program, with or
 * without a `--` before it.
 */
export function readRunFlags(words: readonly CutWord[]): RunFlags | RunFlagsFault {
  const single: { amount?: Word; partial?: Word; memory?: Word } = {};
  const filters: Word[] = [];
  let at = 0;
  for (let word = words[at]; word !== undefined; word = words[++at]) {
    if (literalText(word) === '--') {
      at++;
      break;
    }
    if (mayBeAnything(word))
      return { reason: `${word.source} may hold further options; put -- before the program` };
    if (!leadingText(word).startsWith('-') || literalText(word) === '-') break;
    const option = readOption(word);
    if ('reason' in option) return option;
    const next = option.value ?? words[++at];
    if (next === undefined) return { reason: `option ${option.name} lacks its value` };
    const value = wholeWord(next);
    if (option.field === 'filter') filters.push(value);
    else if (option.field !== 'ignored') single[option.field] = value;
  }
  return { ...single, filters, program: words.slice(at).map(wholeWord) };
}

interface Option {
  readonly name: string;
  readonly field: Field;
  /** Undefined when the value is the next word. */
  readonly value: CutWord | undefined;
}

function readOption(word: CutWord): Option | RunFlagsFault {
  const head = leadingText(word);
  const equals = head.indexOf('=');
  const long = head.startsWith('--');
  const name = long ? head.slice(0, equals < 0 ? undefined : equals) : head.slice(0, 2);
  const field = Object.hasOwn(options, name) ? options[name] : undefined;
  const whole = literalText(word) !== undefined;
  if (field === undefined || (long && equals < 0 && !whole))
    return { reason: `option ${word.source} is not known` };
  if (long) return { name, field, value: equals < 0 ? undefined : dropLeading(word, equals + 1) };
  if (whole && head.length === 2) return { name, field, value: undefined };
  return { name, field, value: dropLeading(word, head[2] === '=' && !(whole && head.length === 3) ? 3 : 2) };
}

/** Nothing is known of how the word starts, so it may be an option. */
function mayBeAnything(word: CutWord): boolean {
  return word.pieces.length > 0 && leadingText(word) === '';
}
