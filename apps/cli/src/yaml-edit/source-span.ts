import type { CST } from 'yaml';

/** Where something stands in a text: from its first to behind its last character, blanks and comments outside. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const insignificant: ReadonlySet<string> = new Set([
  'space',
  'newline',
  'comment',
  'comma',
  'flow-map-start',
  'flow-seq-start',
]);

function isSignificant(token: CST.SourceToken): boolean {
  return !insignificant.has(token.type);
}

function endOfSource(token: { readonly offset: number; readonly source: string }): number {
  return token.offset + token.source.length;
}

/** True for what is an entry; a collection's trailing comments are items of the token too. */
export function isEntry(item: CST.CollectionItem): boolean {
  return item.value != null || item.key != null || item.sep !== undefined || item.start.some(isSignificant);
}

/** An entry with its `-` or `?`, anchors and tags. */
export function entrySpan(item: CST.CollectionItem): Span {
  return { start: entryStart(item), end: entryEnd(item) };
}

function entryStart(item: CST.CollectionItem): number {
  const start =
    item.start.find(isSignificant)?.offset ??
    (item.key ? tokenSpan(item.key).start : undefined) ??
    item.sep?.find(isSignificant)?.offset ??
    (item.value ? tokenSpan(item.value).start : undefined);
  if (start === undefined) throw new TypeError('not an entry of a collection');
  return start;
}

function entryEnd(item: CST.CollectionItem): number {
  const value = writtenValue(item);
  if (value) return tokenSpan(value).end;
  const separator = item.sep?.findLast(isSignificant);
  if (separator) return endOfSource(separator);
  if (item.key) return tokenSpan(item.key).end;
  const last = item.start.findLast(isSignificant);
  if (last === undefined) throw new TypeError('not an entry of a collection');
  return endOfSource(last);
}

/** The value's token; undefined for a value that is left out, as in `key:`. */
export function writtenValue(item: CST.CollectionItem): CST.Token | undefined {
  const { value } = item;
  return value && !('source' in value && value.source === '' && value.type === 'scalar') ? value : undefined;
}

/** Offset behind the `:` or the `-` that an entry's value follows; undefined where it has neither. */
export function valueSlot(item: CST.CollectionItem): number | undefined {
  const indicator =
    item.sep?.find((token) => token.type === 'map-value-ind') ??
    (item.key ? undefined : item.start.find((token) => token.type === 'seq-item-ind'));
  return indicator && endOfSource(indicator);
}

export function tokenSpan(token: CST.Token): Span {
  if (token.type === 'block-map' || token.type === 'block-seq') {
    const first = token.items.find(isEntry);
    const last = token.items.findLast(isEntry);
    if (!first || !last) throw new TypeError('a block collection without entries');
    return { start: entryStart(first), end: entryEnd(last) };
  }
  if (token.type === 'flow-collection') {
    const close = token.end.find(({ type }) => type === 'flow-map-end' || type === 'flow-seq-end');
    return { start: token.offset, end: close ? endOfSource(close) : token.offset };
  }
  if (token.type === 'block-scalar') {
    const header = token.props.findLast((part) => 'source' in part);
    const content = header ? endOfSource(header) : token.offset;
    return { start: token.offset, end: content + token.source.length };
  }
  return { start: token.offset, end: 'source' in token ? endOfSource(token) : token.offset };
}
