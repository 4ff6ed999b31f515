import { isAlias, isCollection, isMap, isNode, isPair, isSeq, type Document } from 'yaml';

import { anchorOf } from './anchor.ts';
import { isMergeEntry } from './merge-entry.ts';

/**
 * Nodes that a document may have once its aliases are written out. Ten nested levels of ten aliases each, the
 * well-known bomb, would be 10^10; a list of a thousand pods that share everything stays below.
 */
export const maximumExpandedNodes = 1_000_000;

/** Why the aliases and merges of a document have no value. */
export interface ReferenceFault {
  readonly message: string;
  /** Where in the text; undefined where it is the document as a whole. */
  readonly offset: number | undefined;
}

interface Anchored {
  /** Nodes that it stands for; undefined as long as it is not closed. */
  size: number | undefined;
  readonly isMap: boolean;
}

/** The first fault of a document's aliases and merges; undefined where they all have a value. */
export function referenceFault(document: Document): ReferenceFault | undefined {
  /** By name, as of here: a name may be given again further down. */
  const anchors = new Map<string, Anchored>();
  const fault = (node: unknown, message: string): ReferenceFault => ({
    message,
    offset: isNode(node) ? node.range?.[0] : undefined,
  });
  const isMapOrAlias = (node: unknown): boolean =>
    isMap(node) || (isAlias(node) && anchors.get(node.source)?.isMap === true);

  const sizeOf = (node: unknown): number | ReferenceFault => {
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (!target) return fault(node, `*${node.source} repeats an anchor that is not set above it`);
      return target.size ?? fault(node, `*${node.source} stands inside of what it repeats`);
    }
    const anchored: Anchored = { size: undefined, isMap: isMap(node) };
    const anchor = anchorOf(node);
    if (anchor !== undefined) anchors.set(anchor, anchored);
    let size = 1;
    for (const part of partsOf(node)) {
      const partSize = sizeOf(part);
      if (typeof partSize !== 'number') return partSize;
      size += partSize;
    }
    if (isPair(node) && isMergeEntry(node)) {
      const merged = isSeq(node.value) ? node.value.items : [node.value];
      if (!merged.every(isMapOrAlias)) return fault(node.key, '<< takes a map, or a list of maps');
    }
    if (size > maximumExpandedNodes) {
      return fault(undefined, 'its aliases repeat so much that it would not fit into memory');
    }
    anchored.size = size;
    return size;
  };

  const size = sizeOf(document.contents);
  return typeof size === 'number' ? undefined : size;
}

function partsOf(node: unknown): readonly unknown[] {
  if (isPair(node)) return [node.key, node.value];
  return isCollection(node) ? node.items : [];
}
