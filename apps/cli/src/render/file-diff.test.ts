import { applyPatch } from 'diff';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { applyTextEdits, type TextEdit } from '../yaml-edit/text-edit.ts';
import { fileDiff } from './file-diff.ts';

const text = Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n`).join('');

function edited(before: string, edits: readonly TextEdit[]): { text: string; edits: readonly TextEdit[] } {
  const lines = before.endsWith('\n') ? before : `${before}\n`;
  const after = applyTextEdits(lines, edits);
  return { text: before.endsWith('\n') ? after : after.slice(0, -1), edits };
}

/** Replaces a line, from 1. */
function line(number: number, replacement: string): TextEdit {
  const start = text.indexOf(`line ${number}\n`);
  return { start, end: start + `line ${number}\n`.length, text: replacement };
}

describe('fileDiff', () => {
  it('nothing, for nothing and for what changes nothing', () => {
    expect(fileDiff('x', text, { text, edits: [] })).toBe('');
    expect(fileDiff('x', text, edited(text, [line(3, 'line 3\n')]))).toBe('');
  });

  it('changes with three lines around, together where these would touch', () => {
    const diff = fileDiff('a b', text, edited(text, [line(5, ''), line(12, 'X\nY\n'), line(20, 'Z\n')]));
    expect(diff).toBe(
      [
        '--- a b',
        '+++ a b',
        '@@ -2,14 +2,14 @@',
        ...[2, 3, 4].map((number) => ` line ${number}`),
        '-line 5',
        ...[6, 7, 8, 9, 10, 11].map((number) => ` line ${number}`),
        '-line 12',
        '+X',
        '+Y',
        ...[13, 14, 15].map((number) => ` line ${number}`),
        '@@ -17,4 +17,4 @@',
        ...[17, 18, 19].map((number) => ` line ${number}`),
        '-line 20',
        '+Z',
        '',
      ].join('\n'),
    );
  });

  it('a last line without a break', () => {
    const diff = fileDiff('x', 'a\nb', edited('a\nb', [{ start: 4, end: 4, text: 'c\n' }]));
    expect(diff).toBe(
      '--- x\n+++ x\n@@ -1,2 +1,3 @@\n a\n-b\n\\ No newline at end of file\n+b\n+c\n\\ No newline at end of file\n',
    );
  });

  it('is what leads from the text before to the one after, for any edits', () => {
    const words = fc.array(fc.constantFrom('a', 'b\n', '\n', 'c\nd\n', 'e'), { maxLength: 30 });
    const cuts = fc.array(fc.tuple(fc.nat(60), fc.nat(6), fc.constantFrom('', 'x', 'y\n', 'z\nz\n')), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(words, cuts, (parts, chosen) => {
        const before = `${parts.join('')}a`;
        let free = 0;
        const edits = chosen
          .toSorted(([a], [b]) => a - b)
          .flatMap(([at, length, added]): TextEdit[] => {
            const start = Math.max(at, free);
            const end = start + length;
            if (end > before.length) return [];
            free = end + 1;
            return [{ start, end, text: added }];
          });
        const after = edited(before, edits);
        const diff = fileDiff('x', before, after);
        expect(diff === '' ? before : applyPatch(before, diff)).toBe(after.text);
      }),
    );
  });
});
