import { type Command, forEachChild, parse, type ParsedScript, type SyntaxNode } from 'unbash';
import { shellTextPieces } from './kubernetes-expansion.ts';
import { type ShellSource, shellSource } from './shell-source.ts';
import { trimBlanks } from './shell-text.ts';
import { TextBudget } from './text-budget.ts';

/** Why arguments that follow a shell text would not arrive. */
export interface ArgumentsFault {
  /**
   * - `ENDS_IN_OPERATOR`: `;`, `&`, `|`, `&&`, `||`, `>` …: the arguments would be a command or a file's name.
   * - `ENDS_IN_COMMENT`: they would be part of it.
   * - `UNBALANCED`: a quote, bracket or keyword is left open or closed unopened, or the text ends in a backslash or in
   *   a here-document.
   * - `ENDS_IN_COMPOUND`: `)`, `}`, `fi`, `done`, `esac`, `]]`: a command that takes no arguments.
   * - `UNREAD`: nothing is known of it, since the text is too long or nested too deep to be parsed.
   */
  readonly code: 'ENDS_IN_OPERATOR' | 'ENDS_IN_COMMENT' | 'UNBALANCED' | 'ENDS_IN_COMPOUND' | 'UNREAD';
  /** The end of the text that shows it, at most 40 characters of its last line. */
  readonly ending: string;
}

const suffix = '"$@"';
const maxEnding = 40;

/**
 * B31: why ` "$@"` cannot follow this text. The text is parsed with it: the arguments arrive if, and only if, that
 * word is the last one of the last command that the text itself runs. Kubernetes' escapes are undone first and
 * trailing blanks dropped. Text that ends in assignments or redirections alone has no fault: the arguments then are
 * the program that it runs.
 *
 * @param budget To be shared by the containers of a pod; without one, this text has a budget of its own.
 * @returns undefined when it can.
 */
export function argumentsFault(
  text: string,
  budget: TextBudget = new TextBudget(),
): ArgumentsFault | undefined {
  const trimmed = trimBlanks(text);
  if (trimmed === '') return undefined;
  const unread: ArgumentsFault = { code: 'UNREAD', ending: trimmed.slice(-maxEnding) };
  if (!budget.take(trimmed.length)) return unread;
  try {
    return faultOf(shellSource(shellTextPieces(trimmed)));
  } catch {
    // The parser recurses as deep as the text nests.
    return unread;
  }
}

function faultOf(source: ShellSource): ArgumentsFault | undefined {
  const at = source.text.length + 1;
  const extended = `${source.text} ${suffix}`;
  const script = parse(extended);
  if (isWhole(script, extended) && lastCommandTakes(script, at)) return undefined;
  const code = faultCode(source.text, script, at);
  return { code, ending: source.restore(endingOf(code, source)).slice(-maxEnding) };
}

/** Is the word at this position the last one of the script's last command? */
function lastCommandTakes(script: ParsedScript, at: number): boolean {
  let node: SyntaxNode | undefined = script.commands.at(-1)?.command;
  while (node?.type === 'AndOr' || node?.type === 'Pipeline') node = node.commands.at(-1);
  if (node?.type !== 'Command') return false;
  const last = node.suffix.at(-1) ?? (node.prefix.length > 0 ? node.name : undefined);
  return last?.type === 'Word' && last.pos === at;
}

function faultCode(text: string, extended: ParsedScript, at: number): ArgumentsFault['code'] {
  const alone = parse(text);
  if (!isWhole(extended, `${text} ${suffix}`))
    return isWhole(alone, text) && !text.endsWith('(') ? 'ENDS_IN_COMPOUND' : 'UNBALANCED';
  // A coprocess would get them, and the shell would not wait for it.
  if (some(extended, (node) => node.type === 'Coproc' && node.end >= at)) return 'ENDS_IN_COMPOUND';
  if (startsAt(extended, at)) return 'ENDS_IN_OPERATOR';
  const heredoc = some(alone, (node) => node.type === 'HereDoc' && node.closing?.end === text.length);
  const nextLine = `${text}\n${suffix}`;
  const onNextLine = parse(nextLine);
  return !heredoc && isWhole(onNextLine, nextLine) && startsCommandAt(onNextLine, at)
    ? 'ENDS_IN_COMMENT'
    : 'UNBALANCED';
}

/** The stretch of the text that shows the fault; its last line when nothing shorter does. */
function endingOf(code: ArgumentsFault['code'], { text }: ShellSource): string {
  const line = text.slice(text.lastIndexOf('\n') + 1);
  if (code === 'ENDS_IN_COMMENT') return line.slice(line.search(/(?<=^|[\s;&|()<>])#/));
  const end = line.slice(-maxEnding);
  if (code === 'ENDS_IN_OPERATOR') return /(?<![;&|<>])[;&|<>]+-?$/.exec(end)?.[0] ?? lastWord(end);
  return code === 'ENDS_IN_COMPOUND' ? lastWord(end) : end;
}

function lastWord(end: string): string {
  return /\)\)?$|(?<!\S)\S*[^\s)]$/.exec(end)?.[0] ?? end;
}

/**
 * No part of a script has a fault, down into its substitutions. Backquotes are left out: the shell reads what is in
 * them only when it gets there, and goes on after a fault.
 *
 * @param text What the node's positions refer to.
 */
function isWhole(node: SyntaxNode, text: string): boolean {
  if (node.type === 'CommandExpansion' && node.text.startsWith('`')) return true;
  if (node.type === 'Script' && (node.errors?.length ?? 0) > 0) return false;
  if (node.type === 'Command' && dropsText(node, text)) return false;
  const source = node.type === 'Script' ? (node.source ?? text) : text;
  let whole = true;
  forEachChild(node, (child) => {
    whole &&= isWhole(child, source);
  });
  return whole;
}

/** The parser passes over a stray `(` behind a command's name without a word. */
function dropsText({ name }: Command, text: string): boolean {
  return name !== undefined && /^(?:[ \t]|\\\n)*\(/.test(text.slice(name.end));
}

/** Does a word, or the delimiter of a here-document, start at this position of the script itself? */
function startsAt(script: ParsedScript, at: number): boolean {
  return some(
    script,
    (node) => (node.type === 'Word' || node.type === 'HereDocDelimiter') && node.pos === at,
  );
}

function startsCommandAt(script: ParsedScript, at: number): boolean {
  return some(script, (node) => node.type === 'Command' && node.pos === at);
}

function some(node: SyntaxNode, holds: (node: SyntaxNode) => boolean): boolean {
  if (holds(node)) return true;
  let found = false;
  forEachChild(node, (child) => {
    found ||= some(child, holds);
  });
  return found;
}
