/** Characters that mean themselves to every POSIX shell, wherever in a word they stand. */
const plainWord = /^[A-Za-z0-9_@%+=:,./-]+$/;

// eslint-disable-next-line no-control-regex -- these are what a terminal would act on
const control = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069]/;

/** What a shell takes for something else in the place of a program's name. */
const reserved =
  /=|^(?:if|then|elif|else|fi|for|in|do|done|while|until|case|esac|function|select|time|coproc)$/;

/** One argument as a word that can be pasted into a shell and is read back as exactly this text. */
export function shellQuote(argument: string): string {
  return plainWord.test(argument) ? argument : quoted(argument);
}

function quoted(argument: string): string {
  // `$'…'` is POSIX since 2024, and older in every shell that people type into.
  if (control.test(argument)) return `$'${Array.from(argument, escapeCharacter).join('')}'`;
  return `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}

/** An argv as one line for a shell. */
export function shellJoin([program, ...args]: readonly string[]): string {
  if (program === undefined) return '';
  return [reserved.test(program) ? quoted(program) : shellQuote(program), ...args.map(shellQuote)].join(' ');
}

function escapeCharacter(character: string): string {
  if (character === "'" || character === '\\') return `\\${character}`;
  if (!control.test(character)) return character;
  // Three octal digits, byte by byte: unlike \x, what follows cannot become part of it.
  return [...new TextEncoder().encode(character)]
    .map((byte) => `\\${byte.toString(8).padStart(3, '0')}`)
    .join('');
}
