import type { CST, Document, YAMLMap, YAMLSeq } from 'yaml';

import type { Before } from './edited-document.ts';
import type { Span } from './source-span.ts';
import type { TextEdit } from './text-edit.ts';
import type { TextLayout } from './text-layout.ts';

/** What the splicing of one document shares. */
export interface SpliceContext {
  readonly document: Document;
  /** The whole file's, which ends in a line break. */
  readonly text: string;
  readonly layout: TextLayout;
  readonly before: Before;
  /** Grows; deeper places first. */
  readonly edits: TextEdit[];
}

/** A collection that is in the text, with an entry of the text for each item that it had. */
export interface WrittenCollection<
  T extends CST.Token = CST.BlockMap | CST.BlockSequence | CST.FlowCollection,
> {
  readonly node: YAMLMap | YAMLSeq;
  readonly token: T;
  readonly entries: readonly CST.CollectionItem[];
  readonly spans: readonly Span[];
}

/** Offset of the line after the one that something ends in; a block scalar ends with its line's break. */
export function nextLine(text: string, end: number): number {
  return text[end - 1] === '\n' ? end : text.indexOf('\n', end) + 1;
}

/** The same end, but before the line break where something ends with it: what takes its place is in that line. */
export function withoutLineBreak(text: string, end: number): number {
  if (text[end - 1] !== '\n') return end;
  return text[end - 2] === '\r' ? end - 2 : end - 1;
}

/** The blanks that a line begins with. */
export function leadingBlanks(text: string, start: number): string {
  return /^[ \t]*/.exec(text.slice(start, start + 1000))?.[0] ?? '';
}
