/**
 * RFC 7541, appendix B. The code is canonical: codes of one length are consecutive numbers in the order of their
 * symbols, and the first of a length follows the last of the one before. So the lengths, in bits, are all of it; the
 * symbols are the bytes 0 to 255 and EOS.
 */
const codeLengths: readonly number[] = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28,
  28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7,
  8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19,
  13, 14, 6, 15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13,
  28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21,
  22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23,
  22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
  19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25,
  25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
];

const endOfString = 256;
const longestCode = 30;

/** The codes of one length. */
interface CodesOfLength {
  readonly first: number;
  /** Symbols of `first`, `first + 1`, … */
  readonly symbols: readonly number[];
}

/** By length; `[0]` is empty. */
const codes: readonly CodesOfLength[] = canonicalCodes();

function canonicalCodes(): CodesOfLength[] {
  const all: CodesOfLength[] = [];
  let next = 0;
  for (let length = 0; length <= longestCode; length++) {
    const symbols = codeLengths.flatMap((ofSymbol, symbol) => (ofSymbol === length ? [symbol] : []));
    all.push({ first: next, symbols });
    next = (next + symbols.length) * 2;
  }
  return all;
}

/** @returns the bytes; undefined if it is no such code, or is padded by anything but the first bits of EOS, at most 7 */
export function decodeHuffman(coded: Buffer): Buffer | undefined {
  // No code is shorter than 5 bits.
  const decoded = Buffer.allocUnsafe(Math.floor((coded.length * 8) / 5));
  let written = 0;
  let code = 0;
  let length = 0;
  for (const byte of coded) {
    for (let bit = 7; bit >= 0; bit--) {
      code = (code << 1) | ((byte >> bit) & 1);
      length++;
      const ofLength = codes[length];
      if (ofLength === undefined) return undefined;
      const symbol = ofLength.symbols[code - ofLength.first];
      if (symbol === undefined) continue;
      if (symbol === endOfString) return undefined;
      decoded[written++] = symbol;
      code = 0;
      length = 0;
    }
  }
  const isPadding = length < 8 && code === (1 << length) - 1;
  return isPadding ? decoded.subarray(0, written) : undefined;
}
