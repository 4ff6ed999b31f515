import { displayWidth } from './display-width.ts';

/**
 * Rows as aligned columns, two blanks between them, each behind `indent`. A cell is one line, but the last of a row
 * may have several: they follow as they are, so that a command can be copied. Ends in a newline, unless it is empty.
 */
export function table(rows: readonly (readonly string[])[], indent = ''): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.slice(0, -1).entries()) {
      widths[column] = Math.max(widths[column] ?? 0, displayWidth(cell));
    }
  }
  const lines = rows.map((row) => {
    const padded = row.map((cell, column) =>
      column === row.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - displayWidth(cell)),
    );
    return `${indent}${padded.join('  ').trimEnd()}\n`;
  });
  return lines.join('');
}
