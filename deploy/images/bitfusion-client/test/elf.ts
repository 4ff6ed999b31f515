import { endianness } from 'node:os';

/** e_machine of the ELF header, by the names that `uname -m` has. */
export const elfMachines = { x86_64: 62, aarch64: 183, riscv64: 243 } as const;

const headerSize = 64;
const segmentSize = 56;
const codeSize = 16;

/** What the smallest ELF program of these tests says of itself. */
export interface ElfProgram {
  readonly machine: number;
  /** Its dynamic loader; without one the program is static. */
  readonly interpreter?: string;
  /** Machine code, 16 bytes at most; nothing sensible without it. */
  readonly code?: readonly number[];
}

/**
 * A 64-bit little-endian ELF program: header, a segment table of an ignored note, the loader's name if there is one
 * and the code, then their bytes. It holds what a kernel and a loader read first, and nothing else.
 */
export function elfProgram(program: ElfProgram): Buffer {
  const interpreter = Buffer.from(program.interpreter === undefined ? '' : `${program.interpreter}\0`);
  const segments = interpreter.length === 0 ? 2 : 3;
  const codeOffset = headerSize + segments * segmentSize;
  const loaderOffset = codeOffset + codeSize;
  const base = 0x40_0000n;
  const elf = Buffer.alloc(loaderOffset + interpreter.length);
  elf.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  elf.writeUInt16LE(2, 16); // an executable
  elf.writeUInt16LE(program.machine, 18);
  elf.writeUInt32LE(1, 20);
  elf.writeBigUInt64LE(base + BigInt(codeOffset), 24);
  elf.writeBigUInt64LE(BigInt(headerSize), 32);
  elf.writeUInt16LE(headerSize, 52);
  elf.writeUInt16LE(segmentSize, 54);
  elf.writeUInt16LE(segments, 56);
  elf.set(program.code ?? [], codeOffset);
  interpreter.copy(elf, loaderOffset);

  let position = headerSize;
  const segment = (type: number, offset: number, size: number) => {
    elf.writeUInt32LE(type, position);
    elf.writeUInt32LE(5, position + 4); // may be read and run
    elf.writeBigUInt64LE(BigInt(offset), position + 8);
    elf.writeBigUInt64LE(base + BigInt(offset), position + 16);
    elf.writeBigUInt64LE(base + BigInt(offset), position + 24);
    elf.writeBigUInt64LE(BigInt(size), position + 32);
    elf.writeBigUInt64LE(BigInt(size), position + 40);
    elf.writeBigUInt64LE(4096n, position + 48);
    position += segmentSize;
  };
  segment(4, codeOffset, 0);
  if (interpreter.length > 0) segment(3, loaderOffset, interpreter.length);
  segment(1, 0, elf.length);
  return elf;
}

/** x86-64 code that ends the process with status 42. */
export const exit42: readonly number[] = [0xbf, 42, 0, 0, 0, 0xb8, 60, 0, 0, 0, 0x0f, 0x05];

/** Whether a program's bytes say that it needs the GNU C library, which is the one with versioned symbols. */
export function isGlibcProgram(bytes: Buffer): boolean {
  return endianness() === 'LE' && bytes.includes('libc.so.6\0') && bytes.includes('GLIBC_2.');
}

/** The same program with another name of the same length in its string table, each time that it occurs. */
export function renameInProgram(bytes: Buffer, from: string, to: string): Buffer {
  if (from.length !== to.length) throw new RangeError(`${from} and ${to} differ in length`);
  return Buffer.from(bytes.toString('latin1').replaceAll(`${from}\0`, `${to}\0`), 'latin1');
}
