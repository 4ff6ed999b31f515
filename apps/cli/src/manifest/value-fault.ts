import { isAlias, isCollection, isMap, isNode, isPair, isSeq, type Document, type Pair } from 'yaml';

import type { CliErrorCode } from '../cli-error-codes.ts';
import { anchorOf } from './anchor.ts';
import { isMergeEntry } from './merge-entry.ts';

/**
 * Nodes that a document may have once its aliases are written out. Ten nested levels of ten aliases each, the
 * well-known bomb, would be 10^10; a list of a thousand pods that share everything stays below.
 */
export const maximumExpandedNodes = 1_000_000;

/** Why a document, though it is YAML, says nothing that JSON could say. */
export interface ValueFault {
  readonly code: CliErrorCode;
  readonly message: string;
  /** Where in the text; undefined where it is the document as a whole. */
  readonly offset: number | undefined;
}

/** What an anchor names. */
interface Anchored {
  /** Nodes that it stands for; undefined as long as it is not closed. */
  size: number | undefined;
  readonly isMap: boolean;
  readonly isCollection: boolean;
}

/** The first fault of a document's aliases, merges and keys; undefined where it has a value. */
export function valueFault(document: Document): ValueFault | undefined {
  /** By name, as of here: a name may be given again further down. */
  const anchors = new Map<string, Anchored>();
  const size = sizeOf(document.contents);
  return typeof size === 'number' ? undefined : size;

  function sizeOf(node: unknown): number | ValueFault {
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (!target) return reference(node, `*${node.source} repeats an anchor that is not set above it`);
      return target.size ?? reference(node, `*${node.source} stands inside of what it repeats`);
    }
    const anchored: Anchored = { size: undefined, isMap: isMap(node), isCollection: isCollection(node) };
    const anchor = anchorOf(node);
    if (anchor !== undefined) anchors.set(anchor, anchored);
    let size = 1;
    for (const part of partsOf(node)) {
      const partSize = sizeOf(part);
      if (typeof partSize !== 'number') return partSize;
      size += partSize;
    }
    if (size > maximumExpandedNodes) {
      return reference(undefined, 'its aliases repeat so much that it would not fit into memory');
    }
    anchored.size = size;
    return (isPair(node) ? entryFault(node) : undefined) ?? size;
  }

  function entryFault({ key, value }: Pair): ValueFault | undefined {
    if (isMergeEntry({ key })) {
      const merged = isSeq(value) ? value.items : [value];
      return merged.every((one) => isMap(one) || targetOf(one)?.isMap === true)
        ? undefined
        : reference(key, '<< takes a map, or a list of maps');
    }
    if (!isCollection(key) && targetOf(key)?.isCollection !== true) return undefined;
    return { code: 'YAML_KEY', message: 'a key has to be text; quote it if it is', offset: offsetOf(key) };
  }

  function targetOf(node: unknown): Anchored | undefined {
    return isAlias(node) ? anchors.get(node.source) : undefined;
  }
}

function reference(node: unknown, message: string): ValueFault {
  return { code: 'YAML_REFERENCE', message, offset: offsetOf(node) };
}

function offsetOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function partsOf(node: unknown): readonly unknown[] {
  if (isPair(node)) return [node.key, node.value];
  return isCollection(node) ? node.items : [];
}
