/** What all values are called that come when the label has as many as it may. */
export const otherValue = 'other';

/** Bounds the values of a metric's label that others choose: each makes a series, which stays until the process ends. */
export class BoundedLabel {
  readonly #max: number;
  readonly #values = new Set<string>();

  constructor(max: number) {
    this.#max = max;
  }

  /** The value itself if it is one of the first, else `other`. */
  of(value: string): string {
    if (this.#values.has(value)) return value;
    if (this.#values.size >= this.#max) return otherValue;
    this.#values.add(value);
    return value;
  }
}
