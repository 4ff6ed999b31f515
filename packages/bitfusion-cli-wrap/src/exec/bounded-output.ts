/** What the client wrote; bytes that are not UTF-8 become U+FFFD. */
export interface ClientOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/** Collects both outputs of a child, up to so many bytes together. */
export class BoundedOutput {
  readonly #chunks: { readonly stdout: Uint8Array[]; readonly stderr: Uint8Array[] } = {
    stdout: [],
    stderr: [],
  };
  #room: number;

  constructor(maxBytes: number) {
    this.#room = maxBytes;
  }

  /** Keeps what there is room for; false when that is not all. */
  add(stream: keyof ClientOutput, chunk: Uint8Array): boolean {
    const kept = chunk.subarray(0, this.#room);
    this.#chunks[stream].push(kept);
    this.#room -= kept.length;
    return kept.length === chunk.length;
  }

  text(): ClientOutput {
    const decode = (chunks: readonly Uint8Array[]): string => Buffer.concat(chunks).toString('utf8');
    return { stdout: decode(this.#chunks.stdout), stderr: decode(this.#chunks.stderr) };
  }
}
