import { argvWord } from './kubernetes-expansion.ts';
import { readRunFlags, type RunFlags } from './run-flags.ts';
import { baseName, type CutWord, literalText } from './word.ts';

/** One call of the client in a command line. */
export type ClientCall =
  | { readonly kind: 'run'; readonly subcommand: 'run' | 'request_gpus'; readonly flags: RunFlags }
  /** A `run` or `request_gpus`, or what may be one, whose options cannot be read. */
  | { readonly kind: 'unreadable'; readonly text: string; readonly reason: string }
  /** Shell text that names the client and is not read: too long, nested too deep, or more than the parser can take. */
  | { readonly kind: 'unread'; readonly reason: string }
  /** Any other sub-command (`health`, `list_gpus` …); empty when there is none. */
  | { readonly kind: 'other'; readonly subcommand: string };

/**
 * Reads one argv that starts with the client: by name or by a path whose last component is exactly `bitfusion`.
 * Kubernetes' `$(NAME)` is a variable in it, `$$(NAME)` is the text `$(NAME)`.
 *
 * @returns undefined when the argv starts with something else.
 */
export function readRunArgv(argv: readonly string[]): ClientCall | undefined {
  const words = argv.map(argvWord);
  return isClient(words[0]) ? readCall(words) : undefined;
}

/** The second one is the program itself, which lies beside the launcher in an injected container. */
const clientNames: ReadonlySet<string | undefined> = new Set(['bitfusion', 'bitfusion-client']);

/** Is this command word the client (and not `bitfusion-x`)? */
export function isClient(word: CutWord | undefined): boolean {
  return word !== undefined && clientNames.has(baseName(word));
}

/** Index, among a call's words, of the program that it runs; that of the end where it runs none. */
export function programIndex(words: readonly CutWord[], call: ClientCall): number {
  if (call.kind === 'run') return words.length - call.flags.program.length;
  if (call.kind !== 'other' || call.subcommand !== 'client') return words.length;
  return words[2] !== undefined && literalText(words[2]) === '--' ? 3 : 2;
}

/** Reads a call of which the first word is the client. */
export function readCall(words: readonly CutWord[]): ClientCall {
  const rest = words.slice(1);
  const at = rest.findIndex((word) => !literalText(word)?.startsWith('-'));
  const subcommand = rest[at];
  const unreadable = (reason: string): ClientCall => ({
    kind: 'unreadable',
    text: words.map((word) => word.source).join(' '),
    reason,
  });
  if (subcommand === undefined) return { kind: 'other', subcommand: rest[0]?.source ?? '' };
  const name = literalText(subcommand);
  if (name === undefined)
    return unreadable(`the sub-command ${subcommand.source} is not known before it runs`);
  if (name !== 'run' && name !== 'request_gpus') return { kind: 'other', subcommand: name };
  if (at > 0) return unreadable(`option ${rest[0]?.source ?? ''} before ${name} is not known`);
  if (['-h', '--help'].includes(literalText(rest[1] ?? subcommand) ?? ''))
    return { kind: 'other', subcommand: 'help' };
  const flags = readRunFlags(rest.slice(1));
  return 'reason' in flags ? unreadable(flags.reason) : { kind: 'run', subcommand: name, flags };
}
