import { formatPatch, type StructuredPatchHunk } from 'diff';

import { printable } from '../terminal/printable.ts';
import type { Style } from '../terminal/style.ts';
import type { EditedText } from '../yaml-edit/edit-yaml.ts';
import { lineChanges, linesOf, type LineChange } from './line-changes.ts';

/** Lines around a change that a diff shows. */
const context = 3;

/** What `diff` prints below a last line without a line break. */
const noLineBreak = '\n\\ No newline at end of file';

/** What edits change in a file as a unified diff that `patch -p0` takes; empty where nothing does. */
export function fileDiff(name: string, before: string, { edits }: EditedText): string {
  const isOpen = !before.endsWith('\n');
  const text = isOpen ? `${before}\n` : before;
  const ending = isOpen ? noLineBreak : '';
  const lines = linesOf(text, ending);
  let grown = 0;
  const hunks = hunksOf(lineChanges(text, edits, ending)).map((changes) => {
    const hunk = formatHunk(lines, changes, grown);
    grown += hunk.newLines - hunk.oldLines;
    return hunk;
  });
  if (hunks.length === 0) return '';
  const label = printable(name);
  const file = { oldFileName: label, newFileName: label, oldHeader: undefined, newHeader: undefined };
  const diff = formatPatch({ ...file, hunks });
  // The package puts a line of `=` above the names, as Subversion does.
  return diff.slice(diff.indexOf('---'));
}

/** Changes whose context would touch are shown together. */
function hunksOf(changes: readonly LineChange[]): readonly (readonly LineChange[])[] {
  const hunks: LineChange[][] = [];
  let end = -Infinity;
  for (const change of changes) {
    if (change.at - end <= 2 * context) hunks.at(-1)?.push(change);
    else hunks.push([change]);
    end = change.at + change.removed.length;
  }
  return hunks;
}

/** @param grown by how many lines the file has grown above */
function formatHunk(
  lines: readonly string[],
  changes: readonly LineChange[],
  grown: number,
): StructuredPatchHunk {
  const from = Math.max(0, (changes[0]?.at ?? 0) - context);
  const shown: string[] = [];
  let next = from;
  let growth = 0;
  const show = (mark: string, texts: readonly string[]): void => {
    shown.push(...texts.map((text) => mark + text));
  };
  for (const { at, removed, added } of changes) {
    show(' ', lines.slice(next, at));
    show('-', removed);
    show('+', added);
    next = at + removed.length;
    growth += added.length - removed.length;
  }
  show(' ', lines.slice(next, next + context));
  const oldLines = Math.min(lines.length, next + context) - from;
  return {
    oldStart: from + 1,
    oldLines,
    newStart: from + grown + 1,
    newLines: oldLines + growth,
    lines: shown,
  };
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
