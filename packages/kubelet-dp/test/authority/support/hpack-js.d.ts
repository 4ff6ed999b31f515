/** The part of hpack.js that the tests use; the package has no types of its own. */
declare module 'hpack.js' {
  interface Field {
    readonly name: string;
    readonly value: string;
    readonly neverIndex?: boolean;
  }

  /** A Duplex of readable-stream 2: fields in, bytes out. */
  interface Compressor {
    write(fields: readonly (Field & { readonly incremental: boolean; readonly huffman: boolean })[]): boolean;
    updateTableSize(size: number): void;
    read(): Buffer | null;
  }

  /** A Duplex of readable-stream 2: bytes in, fields out. */
  interface Decompressor {
    on(event: 'error', listener: (error: Error) => void): this;
    write(block: Buffer): boolean;
    /** Decodes all that was written, at once; a fault is emitted as `error`, or thrown if nobody listens. */
    execute(): void;
    read(): Field | null;
  }

  interface TableOptions {
    readonly table: { readonly maxSize: number };
  }

  const hpack: {
    readonly compressor: { create(options: TableOptions): Compressor };
    readonly decompressor: { create(options: TableOptions): Decompressor };
  };
  export default hpack;
}
