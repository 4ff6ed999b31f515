const name = 'bitfusion';

const [newline, doubleQuote, dollar, quote, backslash] = [10, 34, 36, 39, 92];

/** `$'\x62itfusion'`: letters written as their codes, which only this kind of quote has. */
const codedQuote = "$'";
const letterCode = /\\[xuU0-7]/;

/**
 * Whether a word or text can name the client: most can be told apart by this alone, without a parser. The name may have
 * quotes and backslashes in it (`bit''fusion`). Takes time that grows with the text.
 */
export function mayNameClient(text: string): boolean {
  return spellsClient(text) || (text.includes(codedQuote) && letterCode.test(text));
}

/** Looks for the name without what a shell drops: quotes, and backslashes with the line ends that they join. */
function spellsClient(text: string): boolean {
  let matched = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isQuote(code)) continue;
    if (code === dollar && isQuote(text.charCodeAt(at + 1))) continue;
    if (code === backslash) {
      if (text.charCodeAt(at + 1) === newline) at++;
      continue;
    }
    if (code === name.charCodeAt(matched)) {
      matched++;
      if (matched === name.length) return true;
    } else {
      // Only the first letter of the name begins it: it stands in it once.
      matched = code === name.charCodeAt(0) ? 1 : 0;
    }
  }
  return false;
}

function isQuote(code: number): boolean {
  return code === quote || code === doubleQuote;
}
