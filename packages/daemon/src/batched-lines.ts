/** Where text goes in larger pieces. */
export interface TextSink {
  write(text: string): unknown;
}

/** Characters that go out at once. A line of a decision has about 250. */
const batchSize = 8192;
/** How long the first line of a batch waits at most. */
const delayMs = 100;

/**
 * Hands lines on in batches: a write each would cost as much as the decision that it tells of. What is left at the
 * end has to be flushed.
 */
export class BatchedLines implements TextSink {
  readonly #sink: TextSink;
  #pending = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(sink: TextSink) {
    this.#sink = sink;
  }

  write(line: string): void {
    this.#pending += line;
    if (this.#pending.length >= batchSize) this.flush();
    else
      this.#timer ??= setTimeout(() => {
        this.flush();
      }, delayMs);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = this.#pending;
    this.#pending = '';
    if (text !== '') this.#sink.write(text);
  }
}
