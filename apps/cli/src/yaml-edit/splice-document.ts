import { isCollection, isPair, type CST, type Document } from 'yaml';

import type { Before } from './edited-document.ts';
import { gapsBetween } from './gaps.ts';
import { entrySpan, isEntry } from './source-span.ts';
import { spliceBlockGap, spliceBlockValue } from './splice-block.ts';
import type { SpliceContext, WrittenCollection } from './splice-context.ts';
import { spliceFlowGap, spliceFlowValue } from './splice-flow.ts';
import type { TextEdit } from './text-edit.ts';
import { textLayoutOf } from './text-layout.ts';

/**
 * The edits that bring a document's changes into its text, and leave every other character as it is.
 *
 * @param text the whole file's, ending in a line break (`\n`); ranges of the document's nodes are offsets in it
 * @throws TypeError where a construct of the text has no place for a change, such as `[key: value]`
 */
export function spliceDocument(text: string, document: Document, before: Before): readonly TextEdit[] {
  const context: SpliceContext = { document, text, layout: textLayoutOf(document), before, edits: [] };
  spliceNode(context, document.contents);
  return context.edits;
}

function spliceNode(context: SpliceContext, node: unknown): void {
  if (!isCollection(node)) return;
  const { before } = context;
  const items = before.items.get(node) ?? node.items;
  const token = node.srcToken;
  if (token?.type !== 'block-map' && token?.type !== 'block-seq' && token?.type !== 'flow-collection') {
    if (before.items.has(node)) throw new TypeError('a collection that is not in the text');
    return;
  }
  const entries = token.items.filter(isEntry);
  if (entries.length !== items.length) throw new TypeError('entries of the text that are no items');
  const collection = { node, token, entries, spans: entries.map(entrySpan) } as WrittenCollection;

  const stayed = new Set<unknown>(node.items);
  for (const item of items) if (stayed.has(item)) spliceItem(context, collection, item);
  for (const gap of gapsBetween(items, node.items)) {
    if (isFlow(collection)) spliceFlowGap(context, collection, gap);
    else if (isBlock(collection)) spliceBlockGap(context, collection, gap);
  }
}

function spliceItem(context: SpliceContext, collection: WrittenCollection, item: unknown): void {
  if (!isPair(item)) {
    spliceNode(context, item);
    return;
  }
  const isNew = context.before.values.has(item);
  if (isFlow(collection)) {
    if (isNew) spliceFlowValue(context, collection, item);
    else spliceNode(context, item.value);
  } else if (isBlock(collection)) {
    if (isNew || wasEmpty(context, item.value)) spliceBlockValue(context, collection, item);
    else spliceNode(context, item.value);
  }
}

/** True for `[]` or `{}` that got items: below a block key they are written as a block. */
function wasEmpty({ before }: SpliceContext, value: unknown): boolean {
  if (!isCollection(value) || value.items.length === 0) return false;
  return before.items.get(value)?.length === 0;
}

function isFlow(collection: WrittenCollection): collection is WrittenCollection<CST.FlowCollection> {
  return collection.token.type === 'flow-collection';
}

function isBlock(
  collection: WrittenCollection,
): collection is WrittenCollection<CST.BlockMap | CST.BlockSequence> {
  return !isFlow(collection);
}
