/** Longer names are compared with nothing: they are no misspelling of a short one. */
const maxLength = 64;

/**
 * The candidate that a name most likely stands for: the one with the fewest characters to add, remove or change, at
 * most `maxEdits`. Undefined where none is so near.
 */
export function nearestName(
  name: string,
  candidates: readonly string[],
  maxEdits: number,
): string | undefined {
  let nearest: string | undefined;
  let edits = maxEdits + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= edits || name.length > maxLength) continue;
    const distance = editDistance(name, candidate);
    if (distance >= edits) continue;
    nearest = candidate;
    edits = distance;
  }
  return nearest;
}

/** Levenshtein's distance, row by row. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const changed = (row[j - 1] ?? 0) + (one.charAt(i - 1) === other.charAt(j - 1) ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
