/** All of C0, DEL, C1 and the marks that turn the direction of text: what could move a terminal's cursor or lie. */
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const unprintable = /[\u0000-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]/g;

const shortNames: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A user's text as one harmless line: control characters become escapes as JSON writes them. */
export function printable(text: string): string {
  return text.replace(
    unprintable,
    (character) => shortNames[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
