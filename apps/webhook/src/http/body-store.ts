import type { BodyBudget, BodyShare } from './body-budget.ts';

/** A whole body. Its memory stays counted until it is released. */
export interface Body {
  readonly bytes: Buffer;
  /** Gives the memory back at once; `bytes` must not be used after it. */
  release(): void;
}

/** Bytes that a body holds at first, unless all of it comes as one piece. */
const firstHold = 4096;

/**
 * The bytes of one body, in one block that grows, however small the pieces are. The block is freed explicitly: the
 * garbage collector does not hurry for memory outside of its heap.
 */
export class BodyStore {
  readonly #maxBytes: number;
  readonly #share: BodyShare;
  #block = new ArrayBuffer(0);
  #bytes: Buffer = Buffer.alloc(0);
  #length = 0;

  /**
   * @param maxBytes more are never added
   * @param onDropped called at most once, when the memory goes to another body
   */
  constructor(maxBytes: number, budget: BodyBudget, onDropped: () => void) {
    this.#maxBytes = maxBytes;
    this.#share = budget.open(onDropped);
  }

  add(chunk: Buffer): void {
    const length = this.#length + chunk.length;
    // A body that comes as one piece is not copied.
    const isWhole = this.#length === 0 && length === this.#maxBytes;
    if (length > this.#bytes.length) {
      const size = isWhole ? length : Math.min(Math.max(length * 2, firstHold), this.#maxBytes);
      if (!this.#share.grow(size, length)) return;
      if (isWhole) this.#bytes = chunk;
      else {
        this.#block = this.#block.transfer(size);
        this.#bytes = Buffer.from(this.#block);
      }
    }
    if (!isWhole) chunk.copy(this.#bytes, this.#length);
    this.#length = length;
  }

  /** From now on the body is not dropped any more. */
  complete(): Body {
    this.#share.complete();
    return {
      bytes: this.#bytes.subarray(0, this.#length),
      release: () => {
        this.free();
      },
    };
  }

  free(): void {
    this.#share.release();
    this.#bytes = Buffer.alloc(0);
    if (this.#block.byteLength > 0) this.#block.transfer(0);
  }
}
