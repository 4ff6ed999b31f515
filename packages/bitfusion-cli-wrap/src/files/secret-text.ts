/** What stands in a secret's place wherever it is printed. */
const redacted = '[redacted]';

/**
 * A text that must not be printed by accident: `String`, JSON, template strings and a debugger's inspection all show
 * `[redacted]` or nothing of it.
 */
export class SecretText {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself; for the one place that needs it. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return redacted;
  }

  toJSON(): string {
    return redacted;
  }
}
