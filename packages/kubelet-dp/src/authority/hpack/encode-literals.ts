import { fieldSize } from './dynamic-table.ts';
import type { HeaderField } from './header-field.ts';

/**
 * The fields as literals that no table keeps (RFC 7541, sections 6.2.2 and 6.2.3): whoever decodes them needs no
 * state, and gets none. At most as long as `fieldSize` says of the fields together.
 */
export function encodeLiterals(fields: readonly HeaderField[]): Buffer {
  const block = Buffer.allocUnsafe(fields.reduce((size, field) => size + fieldSize(field), 0));
  let end = 0;
  for (const { name, value, neverIndex } of fields) {
    end = block.writeUInt8(neverIndex ? neverIndexed : notIndexed, end);
    end = writeString(block, name, end);
    end = writeString(block, value, end);
  }
  return block.subarray(0, end);
}

const notIndexed = 0x00;
const neverIndexed = 0x10;

function writeString(block: Buffer, text: string, start: number): number {
  const end = writeLength(block, text.length, start);
  return end + block.write(text, end, 'latin1');
}

/** RFC 7541, section 5.1, with a prefix of 7 bits; the bit in front of it is 0: no Huffman code. */
function writeLength(block: Buffer, length: number, start: number): number {
  if (length < 0x7f) return block.writeUInt8(length, start);
  let end = block.writeUInt8(0x7f, start);
  let rest = length - 0x7f;
  for (; rest >= 0x80; rest >>= 7) end = block.writeUInt8((rest & 0x7f) | 0x80, end);
  return block.writeUInt8(rest, end);
}
