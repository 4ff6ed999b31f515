import { isPair, isNode, type CST, type Pair } from 'yaml';

import { keyText } from '../manifest/field-position.ts';
import type { Gap } from './gaps.ts';
import { lineStart } from './line-start.ts';
import { printFlow, printFlowLines } from './print-node.ts';
import { entrySpan, tokenSpan, valueSlot, writtenValue } from './source-span.ts';
import { leadingBlanks, type SpliceContext, type WrittenCollection } from './splice-context.ts';

type FlowCollection = WrittenCollection<CST.FlowCollection>;

/** Puts a gap's changes between the brackets of a flow collection: `[…]`, `{…}`, JSON. */
export function spliceFlowGap(context: SpliceContext, collection: FlowCollection, gap: Gap): void {
  const { edits } = context;
  const { spans, token } = collection;
  const style = flowStyle(context, collection);
  const inserted = gap.inserted.map((item) => style.print(plainItem(context, item))).join(style.separator);
  const inner = { start: token.offset + 1, end: tokenSpan(token).end - 1 };
  const previous = spans[gap.index - 1];
  const first = spans[gap.index];
  const last = spans[gap.index + gap.removed - 1];
  const next = spans[gap.index + gap.removed];

  if (gap.removed === 0) {
    if (previous) edits.push({ start: previous.end, end: previous.end, text: style.separator + inserted });
    else if (first) edits.push({ start: first.start, end: first.start, text: inserted + style.separator });
    else edits.push({ ...inner, text: inserted });
    return;
  }
  if (!first || !last) return;
  if (gap.inserted.length > 0) edits.push({ start: first.start, end: last.end, text: inserted });
  else if (next) edits.push({ start: first.start, end: next.start, text: '' });
  else if (previous) edits.push({ start: previous.end, end: last.end, text: '' });
  else edits.push({ ...inner, text: '' });
}

/** Gives an entry of a flow map another value. */
export function spliceFlowValue(context: SpliceContext, collection: FlowCollection, pair: Pair): void {
  const entry = pair.srcToken;
  if (!entry) throw new TypeError('an entry that is not in the text');
  const style = flowStyle(context, collection);
  const { start, end } = entrySpan(entry);
  const old = writtenValue(entry);
  const slot = valueSlot(entry);
  const text = style.print(plain(context, pair.value));
  if (old) context.edits.push({ start: tokenSpan(old).start, end, text });
  else if (slot !== undefined)
    context.edits.push({ start: slot, end: slot + blanksAt(context.text, slot), text: ` ${text}` });
  else context.edits.push({ start, end, text: style.print(plainItem(context, pair)) });
}

function blanksAt(text: string, offset: number): number {
  return leadingBlanks(text, offset).length;
}

interface FlowStyle {
  readonly separator: string;
  print(value: unknown): string;
}

/** On one line, or each entry on its own as in most JSON. */
function flowStyle({ text }: SpliceContext, { token, spans }: FlowCollection): FlowStyle {
  const first = spans[0];
  const openLine = lineStart(text, token.offset);
  const firstLine = first && lineStart(text, first.start);
  if (firstLine === undefined || firstLine === openLine) return { separator: ', ', print: printItem };
  const blanks = leadingBlanks(text, firstLine);
  const step = blanks.slice(leadingBlanks(text, openLine).length) || '  ';
  const separator = `\n${blanks}`;
  return { separator: `,${separator}`, print: (item) => printItemLines(item, step).join(separator) };
}

/** An entry of a map is given as an object of one key. */
class FlowEntry {
  readonly key: string;
  readonly value: unknown;
  constructor(key: string, value: unknown) {
    this.key = key;
    this.value = value;
  }
}

function printItem(item: unknown): string {
  return item instanceof FlowEntry ? `${printFlow(item.key)}: ${printFlow(item.value)}` : printFlow(item);
}

function printItemLines(item: unknown, step: string): readonly string[] {
  if (!(item instanceof FlowEntry)) return printFlowLines(item, step);
  const [first = '', ...rest] = printFlowLines(item.value, step);
  return [`${printFlow(item.key)}: ${first}`, ...rest];
}

function plainItem(context: SpliceContext, item: unknown): unknown {
  return isPair(item)
    ? new FlowEntry(keyText(item.key) ?? '', plain(context, item.value))
    : plain(context, item);
}

function plain({ document }: SpliceContext, node: unknown): unknown {
  return isNode(node) ? (node.toJS(document, { maxAliasCount: -1 }) as unknown) : node;
}
