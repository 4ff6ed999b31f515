import { ConnectionFault } from '../connection-fault.ts';
import { decodeHuffman } from './huffman.ts';

/** More octets could only be needed above 2^32, which is above every limit. */
const longestShift = 28;

/** Integers and strings of a header block (RFC 7541, section 5). Every fault is a `ConnectionFault`. */
export class BlockReader {
  readonly #block: Buffer;
  #offset = 0;

  constructor(block: Buffer) {
    this.#block = block;
  }

  /** Bytes read so far. */
  get offset(): number {
    return this.#offset;
  }

  get atEnd(): boolean {
    return this.#offset >= this.#block.length;
  }

  /** The next byte, which stays the next. */
  peek(): number {
    const byte = this.#block[this.#offset];
    if (byte === undefined) throw notHpack('it ends too early');
    return byte;
  }

  /** @param prefixBits how many of the first byte's bits belong to the integer, 4 to 7 */
  integer(prefixBits: number): number {
    const full = (1 << prefixBits) - 1;
    let value = this.#byte() & full;
    if (value < full) return value;
    for (let shift = 0; shift <= longestShift; shift += 7) {
      const byte = this.#byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw notHpack('an integer is too large');
  }

  /** Bytes as latin1. */
  string(): string {
    const isHuffman = this.peek() >= 0x80;
    const length = this.integer(7);
    const end = this.#offset + length;
    if (end > this.#block.length) throw notHpack('a string is longer than the block');
    const bytes = this.#block.subarray(this.#offset, end);
    this.#offset = end;
    const plain = isHuffman ? decodeHuffman(bytes) : bytes;
    if (plain === undefined) throw notHpack('a string is not of the Huffman code');
    return plain.toString('latin1');
  }

  #byte(): number {
    const byte = this.peek();
    this.#offset++;
    return byte;
  }
}

export function notHpack(why: string): ConnectionFault {
  return new ConnectionFault('header-compression', `a header block is not HPACK: ${why}`);
}
