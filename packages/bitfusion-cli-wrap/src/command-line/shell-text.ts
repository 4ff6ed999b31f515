/** What a shell takes for blanks between words; other white space is part of a word. */
const blanks = ' \t\n';

/**
 * B31: the text without its trailing blanks. One that a backslash stands before is no trailing blank: `\ ` is a
 * character of a word, and `\` before a new line, as block scalars of YAML end in, goes on where the line ends.
 */
export function trimBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && blanks.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end < text.length && endsInBackslash(text, end) ? end + 1 : end);
}

/** An even number of backslashes stands for half as many of themselves. */
function endsInBackslash(text: string, end: number): boolean {
  let backslashes = 0;
  while (text.charAt(end - 1 - backslashes) === '\\') backslashes++;
  return backslashes % 2 === 1;
}

/** B31: is this command one element that holds blanks, and so shell text? Trailing blanks do not count. */
export function isShellText(command: readonly string[]): boolean {
  const [text] = command;
  return text !== undefined && command.length === 1 && /[ \t\n]/.test(trimBlanks(text));
}
