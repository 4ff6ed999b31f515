/** Bytes that have come, in chunks of any size, and are to be taken in pieces of other sizes. */
export class ByteQueue {
  #chunks: Buffer[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /** The first bytes, which stay; fewer if there are not so many. */
  peek(length: number): Buffer {
    const [first] = this.#chunks;
    if (first === undefined || first.length >= length) return first?.subarray(0, length) ?? Buffer.alloc(0);
    const all = Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all.subarray(0, length);
  }

  /** The first bytes, which go; fewer if there are not so many. */
  take(length: number): Buffer {
    const taken = this.peek(length);
    this.#length -= taken.length;
    const [first] = this.#chunks;
    if (first?.length === taken.length) this.#chunks.shift();
    else if (first !== undefined) this.#chunks[0] = first.subarray(taken.length);
    return taken;
  }
}
