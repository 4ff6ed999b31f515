import { isMap, isCollection, YAMLMap, YAMLSeq, type CST, type Node, type Pair } from 'yaml';

import type { Gap } from './gaps.ts';
import { printBlock } from './print-node.ts';
import { valueSlot, writtenValue, entrySpan, tokenSpan } from './source-span.ts';
import { lineStart } from './line-start.ts';
import { nextLine, withoutLineBreak, type SpliceContext, type WrittenCollection } from './splice-context.ts';

type BlockCollection = WrittenCollection<CST.BlockMap | CST.BlockSequence>;

/** Puts a gap's changes into the lines of a block collection. */
export function spliceBlockGap(context: SpliceContext, collection: BlockCollection, gap: Gap): void {
  const { text, edits } = context;
  const { spans, node } = collection;
  const indent = ' '.repeat(columnOf(context, collection));
  const inserted = gap.inserted.map((item) => printItem(context, node, item, indent)).join(`\n${indent}`);
  const first = spans[gap.index];
  const last = spans[gap.index + gap.removed - 1];

  if (gap.removed === 0) {
    const previous = spans[gap.index - 1];
    if (previous) {
      const at = nextLine(text, previous.end);
      edits.push({ start: at, end: at, text: `${indent}${inserted}\n` });
    } else if (first && beginsLine(text, first.start)) {
      const at = aboveComments(text, lineStart(text, first.start));
      edits.push({ start: at, end: at, text: `${indent}${inserted}\n` });
    } else if (first) edits.push({ start: first.start, end: first.start, text: `${inserted}\n${indent}` });
    return;
  }
  if (!first || !last) return;
  const end = withoutLineBreak(text, last.end);
  if (gap.inserted.length > 0) {
    edits.push({ start: first.start, end, text: inserted });
  } else if (gap.removed === spans.length) {
    // One blank more than the list had, for one that stands right below its key.
    edits.push({ start: first.start, end, text: isMap(node) ? ' {}' : ' []' });
  } else if (beginsLine(text, first.start)) {
    edits.push({ start: lineStart(text, first.start), end: nextLine(text, last.end), text: '' });
  } else {
    const next = nextLine(text, last.end);
    edits.push({ start: first.start, end: next + indent.length, text: '' });
  }
}

/** Gives an entry of a block map another value. */
export function spliceBlockValue(context: SpliceContext, collection: BlockCollection, pair: Pair): void {
  const entry = pair.srcToken;
  const slot = entry && valueSlot(entry);
  if (!entry || slot === undefined) throw new TypeError('an entry without a place for its value');
  const end = withoutLineBreak(context.text, entrySpan(entry).end);
  const value = pair.value as Node;
  // `[]` and `{}` are in flow style for want of another; their comments stay where they are in the text.
  if (isCollection(value)) Object.assign(value, { flow: false, comment: null, commentBefore: null });
  const lines = printBlock(value, context.layout);

  if (isCollection(value) && value.items.length > 0) {
    const { indent, indentedSequences } = context.layout;
    const deeper = isMap(value) || indentedSequences ? indent : 0;
    const blanks = ' '.repeat(columnOf(context, collection) + deeper);
    context.edits.push({ start: slot, end, text: lines.map((line) => `\n${blanks}${line}`).join('') });
    return;
  }
  const old = writtenValue(entry);
  const start = old ? tokenSpan(old).start : slot;
  const onlyBlanks = start > slot && /^ +$/.test(context.text.slice(slot, start));
  context.edits.push({
    start: onlyBlanks ? start : slot,
    end,
    text: `${onlyBlanks ? '' : ' '}${lines.join('\n')}`,
  });
}

function printItem(context: SpliceContext, node: YAMLMap | YAMLSeq, item: unknown, indent: string): string {
  const wrapper = isMap(node) ? new YAMLMap() : new YAMLSeq();
  (wrapper.items as unknown[]).push(item);
  return printBlock(wrapper, context.layout).join(`\n${indent}`);
}

/** The column of a collection's entries; its first one may follow a `- ` in the same line. */
function columnOf({ text }: SpliceContext, { spans }: BlockCollection): number {
  const start = spans[0]?.start ?? 0;
  return start - lineStart(text, start);
}

function beginsLine(text: string, offset: number): boolean {
  return text.slice(lineStart(text, offset), offset).trim() === '';
}

/** Comments right above an element are about it: what is inserted goes above them. */
function aboveComments(text: string, line: number): number {
  let start = line;
  while (start > 0) {
    const above = lineStart(text, start - 1);
    if (!text.slice(above, start).trimStart().startsWith('#')) break;
    start = above;
  }
  return start;
}
