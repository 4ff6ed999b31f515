import type { CST } from 'yaml';

/** Far above any real object (the deepest CRD schemas reach about 60), far below what overflows a stack. */
export const maximumNesting = 500;

/** Offset of the first collection that lies deeper than `maximumNesting`; undefined where none does. */
export function offsetOfExcessiveNesting(root: CST.Token): number | undefined {
  const waiting: { readonly token: CST.Token; readonly depth: number }[] = [{ token: root, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { token, depth } = next;
    if (depth > maximumNesting) return token.offset;
    if (token.type === 'document' && token.value) waiting.push({ token: token.value, depth });
    if (!('items' in token)) continue;
    for (const item of token.items) {
      if (item.key) waiting.push({ token: item.key, depth: depth + 1 });
      if (item.value) waiting.push({ token: item.value, depth: depth + 1 });
    }
  }
  return undefined;
}
