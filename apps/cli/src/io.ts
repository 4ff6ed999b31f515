/** A stream that a command writes to. */
export interface Output {
  write(text: string): void;
  /** True where a person reads it, not a pipe or a file. */
  readonly isTTY: boolean;
}

/** All that a command knows of the world: `main.ts` gives it the process, a test gives it literals. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  /** The whole of standard input. */
  readStdin(): Promise<Uint8Array>;
  /** Rejects with the error of `node:fs`, whose `code` says why (`ENOENT`, `EISDIR`). */
  readFile(path: string): Promise<Uint8Array>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since some moment; never goes back. */
  now(): number;
  /**
   * Aborted when the user interrupts. Whoever asks for it has something to clean up, and ends soon after; without
   * that an interrupt ends the process at once.
   */
  interruption(): AbortSignal;
}
