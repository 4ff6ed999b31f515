import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isSeq,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';

import { anchorOf } from '../manifest/anchor.ts';
import { keyText, ownPair } from '../manifest/field-position.ts';
import { isMergeEntry, mergedEntries } from '../manifest/merge-entry.ts';
import { indexAliases, type AliasIndex, type AliasPlace } from './alias-index.ts';

/** What was in the text: of each collection and entry that has changed, what it held when it was read. */
export interface Before {
  readonly items: ReadonlyMap<YAMLMap | YAMLSeq, readonly unknown[]>;
  readonly values: ReadonlyMap<Pair, unknown>;
}

/**
 * The changes of one document's nodes. What several places share through anchors changes in one place only: an
 * alias or a `<<` that a change leads through is written out first, and so is each alias of an anchor that changes.
 */
export class EditedDocument {
  readonly #document: Document;
  readonly #items = new Map<YAMLMap | YAMLSeq, readonly unknown[]>();
  readonly #values = new Map<Pair, unknown>();
  #aliases: AliasIndex | undefined;

  constructor(document: Document) {
    this.#document = document;
  }

  get before(): Before {
    return { items: this.#items, values: this.#values };
  }

  /** The collection that a path leads to, which nothing else in the document repeats any more. */
  collectionAt(path: readonly string[]): YAMLMap | YAMLSeq {
    let node: unknown = this.#document.contents;
    this.#unshare(node);
    for (const token of path) node = this.#child(node, token);
    if (!isMap(node) && !isSeq(node)) throw new TypeError(`no collection at /${path.join('/')}`);
    return node;
  }

  nodeFor(value: unknown): Node {
    return this.#document.createNode(value, { aliasDuplicateObjects: false });
  }

  /** Adds an entry behind the others, or gives the one of this key another value. */
  setEntry(map: YAMLMap, key: string, value: Node): void {
    this.#rememberItems(map);
    const pair = ownPair(map, key);
    if (pair) {
      this.#unshareAll(pair.value);
      this.#setValue(pair, value);
    } else map.items.push(this.#document.createPair(key, value));
  }

  insertElement(sequence: YAMLSeq, index: number, element: Node): void {
    this.#rememberItems(sequence);
    sequence.items.splice(index, 0, element);
  }

  /** Takes an entry or an element out; returns its value, as a node that has no place in the text any more. */
  remove(collection: YAMLMap | YAMLSeq, token: string): Node {
    const value = this.#child(collection, token);
    this.#unshareAll(value);
    this.#rememberItems(collection);
    const index = isMap(collection)
      ? collection.items.findIndex((pair) => keyText(pair.key) === token)
      : Number(token);
    collection.items.splice(index, 1);
    return this.nodeFor(this.#plain(value));
  }

  /** The child that a token names; what is shared on the way to it is written out. */
  #child(node: unknown, token: string): unknown {
    let child: unknown;
    if (isSeq(node)) {
      const index = Number(token);
      if (index >= node.items.length) throw new TypeError(`no element ${token}`);
      if (isAlias(node.items[index])) this.#setElement(node, index, this.#copyOf(node.items[index]));
      child = node.items[index];
    } else if (isMap(node)) {
      if (!ownPair(node, token)) this.#writeOutMerges(node);
      const pair = ownPair(node, token);
      if (!pair) throw new TypeError(`no entry ${token}`);
      if (isAlias(pair.value)) this.#setValue(pair, this.#copyOf(pair.value));
      child = pair.value;
    } else throw new TypeError(`${token} is asked of what is no collection`);
    this.#unshare(child);
    return child;
  }

  /** Before a node changes: whatever repeats it gets a copy of its own. */
  #unshare(node: unknown): void {
    if (anchorOf(node) === undefined) return;
    this.#aliases ??= indexAliases(this.#document);
    for (const place of this.#aliases.placesOf(node as Node)) this.#writeOut(place);
  }

  /** Before a node leaves: the same for every anchor in it. */
  #unshareAll(node: unknown): void {
    this.#unshare(node);
    if (!isCollection(node)) return;
    for (const item of node.items) {
      for (const part of isPair(item) ? [item.key, item.value] : [item]) this.#unshareAll(part);
    }
  }

  #writeOut({ alias, parent, pair }: AliasPlace): void {
    if (isSeq(parent)) {
      const index = parent.items.indexOf(alias);
      if (index >= 0) this.#setElement(parent, index, this.#copyOf(alias));
    } else if (pair?.value === alias) {
      this.#setValue(pair, this.#copyOf(alias));
    } else if (pair?.key === alias) {
      const index = parent.items.indexOf(pair);
      this.#setElement(parent, index, this.#document.createPair(this.#copyOf(alias), pair.value));
    }
  }

  #writeOutMerges(map: YAMLMap): void {
    if (!map.items.some(isMergeEntry)) return;
    this.#rememberItems(map);
    const own = new Set(map.items.flatMap((pair) => keyText(pair.key) ?? []));
    map.items = map.items.flatMap((pair) => {
      if (!isMergeEntry(pair)) return [pair];
      return mergedEntries(this.#plain(pair.value), own).map(([key, value]) => {
        own.add(key);
        return this.#document.createPair(key, this.nodeFor(value));
      });
    });
  }

  #copyOf(alias: unknown): Node {
    return this.nodeFor(this.#plain(alias));
  }

  #plain(node: unknown): unknown {
    return isNode(node) ? (node.toJS(this.#document, { maxAliasCount: -1 }) as unknown) : node;
  }

  #setElement(collection: YAMLMap | YAMLSeq, index: number, item: unknown): void {
    this.#rememberItems(collection);
    (collection.items as unknown[])[index] = item;
  }

  #setValue(pair: Pair, value: Node): void {
    if (!this.#values.has(pair)) this.#values.set(pair, pair.value);
    pair.value = value;
  }

  #rememberItems(collection: YAMLMap | YAMLSeq): void {
    if (!this.#items.has(collection)) this.#items.set(collection, [...collection.items]);
  }
}
