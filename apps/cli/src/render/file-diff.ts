import { createTwoFilesPatch } from 'diff';

import { printable } from '../terminal/printable.ts';
import type { Style } from '../terminal/style.ts';

/** What changes in a file as a unified diff that `patch -p0` takes; empty where nothing does. */
export function fileDiff(name: string, before: string, after: string): string {
  if (before === after) return '';
  const label = printable(name);
  const text = createTwoFilesPatch(label, label, before, after);
  // The package puts a line of `=` above the names, as Subversion does.
  return text.slice(text.indexOf('---'));
}

/** The lines of a unified diff in the colours that git gives them. */
export function colourDiff(diff: string, style: Style): string {
  return diff.replaceAll(/^(?:(---|\+\+\+)|(@@)|(\+)|(-)).*$/gm, (line: string, ...marks: unknown[]) => {
    const [name, hunk, added] = marks;
    if (name !== undefined) return style('bold', line);
    if (hunk !== undefined) return style('cyan', line);
    return style(added === undefined ? 'red' : 'green', line);
  });
}
