import { lineStart } from '../yaml-edit/line-start.ts';
import { applyTextEdits, type TextEdit } from '../yaml-edit/text-edit.ts';

/** Lines that go, and those that come in their place; one of both may be empty. */
export interface LineChange {
  /** Index, among the lines before, of the first that goes, or of the one that new ones come before. */
  readonly at: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/**
 * What edits change, by lines and in order. Nothing is compared but the lines that the edits touch, so that it takes
 * no longer than to read the text.
 *
 * @param text ends in a line break
 * @param ending what is put behind the last line, before and after, so that it equals no line above
 */
export function lineChanges(text: string, edits: readonly TextEdit[], ending = ''): readonly LineChange[] {
  const changes: LineChange[] = [];
  let line = 0;
  let position = 0;
  for (const { start, end, edits: inside } of touchedLines(text, edits)) {
    line += count(text.slice(position, start));
    const before = text.slice(start, end);
    const after = applyTextEdits(
      before,
      inside.map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start })),
    );
    const last = end === text.length ? ending : '';
    changes.push(...changeOf(line, linesOf(before, last), linesOf(after, last)));
    line += count(before);
    position = end;
  }
  return changes;
}

interface TouchedLines {
  /** Offset of the first line, and of the line behind the last. */
  readonly start: number;
  readonly end: number;
  readonly edits: readonly TextEdit[];
}

function touchedLines(text: string, edits: readonly TextEdit[]): readonly TouchedLines[] {
  const touched: TouchedLines[] = [];
  for (const edit of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    // What comes behind the last line gives it a line break, where it had none.
    const start = lineStart(text, Math.min(edit.start, text.length - 1));
    const isWhole = edit.end === text.length || isWholeLines(text, start, edit);
    const end = isWhole ? edit.end : text.indexOf('\n', edit.end) + 1;
    const last = touched.at(-1);
    if (last && start <= last.end) {
      touched[touched.length - 1] = {
        start: last.start,
        end: Math.max(last.end, end),
        edits: [...last.edits, edit],
      };
    } else touched.push({ start, end, edits: [edit] });
  }
  return touched;
}

/** Whether the line behind the edit stays as it is. */
function isWholeLines(text: string, line: number, { start, end, text: added }: TextEdit): boolean {
  return start === line && (end === 0 || text[end - 1] === '\n') && (added === '' || added.endsWith('\n'));
}

/** The change without the lines that are the same at its beginning and at its end; none if all are. */
function changeOf(at: number, before: readonly string[], after: readonly string[]): readonly LineChange[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const removed = before.slice(head, before.length - tail);
  const added = after.slice(head, after.length - tail);
  return removed.length + added.length === 0 ? [] : [{ at: at + head, removed, added }];
}

/** Lines without their breaks, of a text that ends in one; `ending` is put behind the last. */
export function linesOf(text: string, ending = ''): readonly string[] {
  const lines = text.split('\n').slice(0, -1);
  return ending === '' || lines.length === 0 ? lines : lines.with(-1, `${lines.at(-1) ?? ''}${ending}`);
}

function count(text: string): number {
  return text.split('\n').length - 1;
}
