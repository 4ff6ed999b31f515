/** A place between two items that stayed, where items went or came. */
export interface Gap {
  /** Index of the first item, among those that were, that went; of the item that follows where none went. */
  readonly index: number;
  /** How many went. */
  readonly removed: number;
  /** What came in their place. */
  readonly inserted: readonly unknown[];
}

/** The changes from one list of items to another; items that stayed are the same objects in the same order. */
export function gapsBetween(before: readonly unknown[], after: readonly unknown[]): readonly Gap[] {
  const indices = new Map(before.map((item, index) => [item, index]));
  const gaps: Gap[] = [];
  let index = 0;
  let inserted: unknown[] = [];
  const closeGap = (next: number): void => {
    if (next > index || inserted.length > 0) gaps.push({ index, removed: next - index, inserted });
    inserted = [];
  };
  for (const item of after) {
    const stayed = indices.get(item);
    if (stayed === undefined) inserted.push(item);
    else {
      closeGap(stayed);
      index = stayed + 1;
    }
  }
  closeGap(before.length);
  return gaps;
}
