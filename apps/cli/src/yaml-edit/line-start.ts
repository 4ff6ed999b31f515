/** Offset of the first character of the line that an offset is in. */
export function lineStart(text: string, offset: number): number {
  // A search from before the text would find a line break that the text begins with.
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}
