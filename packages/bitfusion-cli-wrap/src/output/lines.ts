/** A longer line is cut, so that a program that never ends one cannot fill the memory. UTF-16 code units. */
const maxLine = 65_536;

/** Cuts a stream of text into lines that keep their `\n`; together they are the stream, whatever it holds. */
export class LineReader {
  #partial = '';

  /** The lines that this text completes. */
  push(text: string): readonly string[] {
    const lines: string[] = [];
    let from = 0;
    for (let newline = text.indexOf('\n'); newline >= 0; newline = text.indexOf('\n', from)) {
      lines.push(this.#partial + text.slice(from, newline + 1));
      this.#partial = '';
      from = newline + 1;
    }
    this.#partial += text.slice(from);
    if (this.#partial.length >= maxLine) lines.push(...this.end());
    return lines;
  }

  /** The last line, if it lacks its end. The reader starts anew. */
  end(): readonly string[] {
    const last = this.#partial;
    this.#partial = '';
    return last === '' ? [] : [last];
  }
}

/** The lines of a whole text. */
export function linesOf(text: string): readonly string[] {
  const reader = new LineReader();
  return [...reader.push(text), ...reader.end()];
}

/** A line without its end, be it `\n` or a terminal's `\r\n`. */
export function withoutEnd(line: string): string {
  return line.replace(/\r?\n$|\r$/, '');
}
