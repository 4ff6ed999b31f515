import { ConnectionFault } from '../connection-fault.ts';
import { BlockReader, notHpack } from './block-reader.ts';
import { DynamicTable, fieldSize } from './dynamic-table.ts';
import type { HeaderField } from './header-field.ts';
import { staticTable } from './static-table.ts';

/** Until the client's encoder says otherwise (RFC 9113, section 6.5.2). */
const initialTableSize = 4096;

/** How much of a table we keep. A server that allows more in its SETTINGS, as none is known to, cannot be served. */
const largestTableSize = 65_536;

export interface DecodedBlock {
  /**
   * The updates of the table's size that the block begins with, as they were sent: a server that has lowered
   * SETTINGS_HEADER_TABLE_SIZE waits for them, and it alone knows what it has allowed.
   */
  readonly sizeUpdates: Buffer;
  readonly fields: readonly HeaderField[];
}

/** Decodes the header blocks of one direction of a connection (RFC 7541): each of them, in the order they came. */
export class HeaderDecoder {
  readonly #table = new DynamicTable(initialTableSize);
  readonly #largestList: number;

  /** @param largestList of one block's fields in bytes, as `fieldSize` counts them: a short block can stand for many */
  constructor(largestList: number) {
    this.#largestList = largestList;
  }

  /** @throws ConnectionFault `header-compression` or `header-size`; no later block can be decoded then */
  decode(block: Buffer): DecodedBlock {
    const reader = new BlockReader(block);
    while (!reader.atEnd && isSizeUpdate(reader.peek())) this.#resize(reader);
    const sizeUpdates = block.subarray(0, reader.offset);
    const fields: HeaderField[] = [];
    let size = 0;
    while (!reader.atEnd) {
      const field = this.#field(reader);
      size += fieldSize(field);
      if (size > this.#largestList) {
        throw new ConnectionFault('header-size', `the headers have more than ${this.#largestList} bytes`);
      }
      fields.push(field);
    }
    return { sizeUpdates, fields };
  }

  #resize(reader: BlockReader): void {
    const size = reader.integer(5);
    if (size > largestTableSize) throw notHpack(`a table of ${size} bytes is more than ${largestTableSize}`);
    this.#table.resize(size);
  }

  #field(reader: BlockReader): HeaderField {
    const first = reader.peek();
    if (first >= 0x80) return { ...this.#entry(reader.integer(7)), neverIndex: false };
    if (isSizeUpdate(first)) throw notHpack('an update of the table size stands behind a field');
    const isIndexed = first >= 0x40;
    const nameIndex = reader.integer(isIndexed ? 6 : 4);
    const name = nameIndex === 0 ? reader.string() : this.#entry(nameIndex).name;
    const value = reader.string();
    if (isIndexed) this.#table.add({ name, value });
    return { name, value, neverIndex: !isIndexed && first >= 0x10 };
  }

  #entry(index: number): Pick<HeaderField, 'name' | 'value'> {
    const fixed = staticTable[index - 1];
    if (fixed !== undefined) return { name: fixed[0], value: fixed[1] };
    const entry = this.#table.entry(index - staticTable.length - 1);
    if (entry === undefined) throw notHpack(`nothing has the index ${index}`);
    return entry;
  }
}

function isSizeUpdate(byte: number): boolean {
  return byte >> 5 === 0b001;
}
