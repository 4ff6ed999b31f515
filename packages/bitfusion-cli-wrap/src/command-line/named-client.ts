/** What a shell drops from a word: quotes, and backslashes with the line ends that they join. */
const dropped = /\$?['"]|\\\n?/g;

/** `$'\x62itfusion'`: letters written as their codes, which only this kind of quote has. */
const codedQuote = "$'";
const letterCode = /\\[xuU0-7]/;

/**
 * Whether a word or text can name the client: most can be told apart by this alone, without a parser. The name may have
 * quotes and backslashes in it (`bit''fusion`). Takes time that grows with the text.
 */
export function mayNameClient(text: string): boolean {
  return (
    text.includes('bitfusion') ||
    text.replace(dropped, '').includes('bitfusion') ||
    (text.includes(codedQuote) && letterCode.test(text))
  );
}
