import {
  isAlias,
  isMap,
  isPair,
  isSeq,
  type Alias,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';

import { anchorOf } from '../manifest/anchor.ts';

/** Where an alias stands: an element of a sequence, or the value or key of a map's entry. */
export interface AliasPlace {
  readonly alias: Alias;
  readonly parent: YAMLMap | YAMLSeq;
  /** Given where `parent` is a map. */
  readonly pair: Pair | undefined;
}

/** Which aliases repeat which node. */
export interface AliasIndex {
  targetOf(alias: Alias): Node | undefined;
  placesOf(target: Node): readonly AliasPlace[];
}

/** One walk over the document, in the order of its text, since an anchor's name may be given again further down. */
export function indexAliases(document: Document): AliasIndex {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  const places = new Map<Node, AliasPlace[]>();

  const note = (place: AliasPlace): void => {
    const target = anchors.get(place.alias.source);
    if (target === undefined) return;
    targets.set(place.alias, target);
    places.set(target, [...(places.get(target) ?? []), place]);
  };
  const walk = (node: unknown): void => {
    const anchor = anchorOf(node);
    if (anchor !== undefined) anchors.set(anchor, node as Node);
    if (!isMap(node) && !isSeq(node)) return;
    for (const item of node.items) {
      if (isPair(item)) {
        for (const part of [item.key, item.value]) {
          if (isAlias(part)) note({ alias: part, parent: node, pair: item });
          else walk(part);
        }
      } else if (isAlias(item)) note({ alias: item, parent: node, pair: undefined });
      else walk(item);
    }
  };
  walk(document.contents);
  return {
    targetOf: (alias) => targets.get(alias),
    placesOf: (target) => places.get(target) ?? [],
  };
}
