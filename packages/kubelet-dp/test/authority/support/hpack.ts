import hpack from 'hpack.js';

import type { HeaderField } from '../../../src/authority/hpack/header-field.ts';

/** A field, and how the encoder is to write it; a table's entry is used wherever there is one. */
export interface WrittenField extends HeaderField {
  /** Whether it is added to the dynamic table. */
  readonly incremental: boolean;
  readonly huffman: boolean;
}

/** A plain field: what most clients send. */
export function field(name: string, value: string): WrittenField {
  return { name, value, neverIndex: false, incremental: true, huffman: true };
}

/** An encoder that is not ours, with a dynamic table of its own. */
export class HeaderEncoder {
  readonly #compressor = hpack.compressor.create({ table: { maxSize: 65_536 } });

  constructor() {
    this.#compressor.updateTableSize(4096);
  }

  encode(fields: readonly WrittenField[]): Buffer {
    this.#compressor.write(fields);
    return Buffer.concat([...this.#written()]);
  }

  /** The bytes that announce a new size, for the start of the next block. */
  resize(size: number): Buffer {
    this.#compressor.updateTableSize(size);
    // At its largest size the library writes the update by itself.
    const written = Buffer.concat([...this.#written()]);
    return written.length > 0 ? written : sizeUpdate(size);
  }

  *#written(): Generator<Buffer> {
    for (let part = this.#compressor.read(); part !== null; part = this.#compressor.read()) yield part;
  }
}

/** RFC 7541, section 6.3. */
export function sizeUpdate(size: number): Buffer {
  if (size < 31) return Buffer.of(0x20 | size);
  const bytes = [0x3f];
  let rest = size - 31;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push(128 + (rest % 128));
  return Buffer.from([...bytes, rest]);
}

/** A decoder that is not ours, with a dynamic table of its own. */
export class ReferenceDecoder {
  readonly #decompressor = hpack.decompressor.create({ table: { maxSize: 65_536 } });

  decode(block: Buffer): HeaderField[] {
    this.#decompressor.write(block);
    this.#decompressor.execute();
    const fields: HeaderField[] = [];
    for (let read = this.#decompressor.read(); read !== null; read = this.#decompressor.read()) {
      fields.push({ name: read.name, value: read.value, neverIndex: read.neverIndex === true });
    }
    return fields;
  }
}
