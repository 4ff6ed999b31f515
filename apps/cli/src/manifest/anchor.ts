import { isCollection, isScalar } from 'yaml';

/** The name that a node may be repeated by; undefined where it has none. */
export function anchorOf(node: unknown): string | undefined {
  return isCollection(node) || isScalar(node) ? node.anchor : undefined;
}
