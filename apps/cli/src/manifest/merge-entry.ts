import { isScalar, type Pair } from 'yaml';

/** True for the entry `<<: …`, which brings in the entries of other maps; a quoted `"<<"` is a key like any other. */
export function isMergeEntry({ key }: Pick<Pair, 'key'>): boolean {
  return isScalar(key) && typeof key.value === 'symbol';
}

/**
 * The entries that a `<<` brings in, given its value as JSON has it: of several maps the first that has a key
 * counts, and none counts where the map itself has the key.
 */
export function mergedEntries(
  merged: unknown,
  own: ReadonlySet<string>,
): readonly (readonly [string, unknown])[] {
  const entries = new Map<string, unknown>();
  for (const source of Array.isArray(merged) ? (merged as unknown[]) : [merged]) {
    for (const [key, value] of Object.entries(source ?? {})) {
      if (!own.has(key) && !entries.has(key)) entries.set(key, value);
    }
  }
  return [...entries];
}
