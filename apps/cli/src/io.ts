/** A stream that a command writes to. */
export interface Output {
  write(text: string): void;
  /** True where a person reads it, not a pipe or a file. */
  readonly isTTY: boolean;
}

/** How a program ended, and what it wrote. */
export interface ProgramEnd {
  /** Its exit code; -1 where it could not be started or a signal ended it. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** All that a command knows of the world: `main.ts` gives it the process, a test gives it literals. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  /** The whole of standard input. */
  readStdin(): Promise<Uint8Array>;
  /** Rejects with the error of `node:fs`, whose `code` says why (`ENOENT`, `EISDIR`). */
  readFile(path: string): Promise<Uint8Array>;
  /** Runs the user's kubectl to its end; where it cannot be started, `stderr` says why. Never rejects. */
  kubectl(args: readonly string[]): Promise<ProgramEnd>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since some moment; never goes back. */
  now(): number;
  /**
   * Aborted when the user interrupts. Whoever asks for it has something to clean up, and ends soon after; without
   * that an interrupt ends the process at once.
   */
  interruption(): AbortSignal;
}
