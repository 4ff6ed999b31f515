/**
 * Where a field is in an object: `spec.containers[1].resources.limits[bitfusion.io/gpu-percent]`.
 *
 * Immutable; a child knows its parent, so that building one costs an allocation and the text is made only for a
 * fault that is reported. Written as Kubernetes' own `field.Path` writes it.
 */
export class FieldPath {
  readonly #parent: FieldPath | undefined;
  readonly #step: string | number;
  /** Whether the step is written in brackets: an array's index or a map's key. */
  readonly #isSubscript: boolean;

  private constructor(parent: FieldPath | undefined, step: string | number, isSubscript: boolean) {
    this.#parent = parent;
    this.#step = step;
    this.#isSubscript = isSubscript;
  }

  /** The first field of a path, without a dot before it. */
  static root(name: string): FieldPath {
    return new FieldPath(undefined, name, false);
  }

  /** A field of this object: `.name`. */
  child(name: string): FieldPath {
    return new FieldPath(this, name, false);
  }

  /** An element of this array: `[3]`. */
  index(index: number): FieldPath {
    return new FieldPath(this, index, true);
  }

  /** An entry of this map: `[bitfusion.io/gpu-amount]`; the key is written bare, as Kubernetes does. */
  key(key: string): FieldPath {
    return new FieldPath(this, key, true);
  }

  toString(): string {
    const parent = this.#parent;
    if (parent === undefined) return String(this.#step);
    return this.#isSubscript ? `${parent.toString()}[${this.#step}]` : `${parent.toString()}.${this.#step}`;
  }
}
