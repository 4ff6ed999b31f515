/** What a shell takes for blanks between words; other white space is part of a word. */
const blanks = ' \t\n';

/** B31: the text without its trailing blanks. */
export function trimBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && blanks.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** B31: is this command one element that holds blanks, and so shell text? Trailing blanks do not count. */
export function isShellText(command: readonly string[]): boolean {
  const [text] = command;
  return text !== undefined && command.length === 1 && /[ \t\n]/.test(trimBlanks(text));
}
