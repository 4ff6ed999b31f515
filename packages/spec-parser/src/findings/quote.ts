/** The escapes of one letter that Go writes beside the backslash and the quote. */
const shortEscapes = new Map([
  ['\u0007', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
  ['"', '\\"'],
  ['\\', '\\\\'],
]);

/** What Go calls printable: letters, marks, numbers, punctuation, symbols and the ASCII blank. */
const notPrintable = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]|["\\]/gu;

/**
 * The text in double quotes as Go's `%q` writes it, hence as Kubernetes quotes a value in a message: what cannot be
 * seen (control characters, direction marks, odd blanks) is escaped. For short texts: cut long ones first.
 */
export function quote(text: string): string {
  return `"${text.replace(notPrintable, escape)}"`;
}

function escape(character: string): string {
  const short = shortEscapes.get(character);
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  // Go writes a byte that is no UTF-8 as \x..; half a surrogate pair is the like of it here and stays readable.
  if (code < 0x80) return `\\x${hex(code, 2)}`;
  return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
