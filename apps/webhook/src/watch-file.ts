import { readFile } from 'node:fs/promises';

/** The texts of some files, in the order of their paths; an error of `node:fs` for one that cannot be read. */
export type FileTexts = readonly (string | NodeJS.ErrnoException)[];

export async function readTexts(paths: readonly string[]): Promise<FileTexts> {
  return Promise.all(
    paths.map((path) => readFile(path, 'utf8').catch((error: unknown) => error as NodeJS.ErrnoException)),
  );
}

export interface FileWatch {
  readonly paths: readonly string[];
  /** As they were read last. */
  readonly texts: FileTexts;
  /** Milliseconds from one look to the next. */
  readonly intervalMs: number;
  /** Called with each new state of the files; may not throw. */
  readonly onChange: (texts: FileTexts) => void;
}

/**
 * Tells of every change of some small files. They are read again and again, since no event is sure to come for a
 * mounted ConfigMap or Secret: the kubelet swaps a symbolic link two levels up.
 */
export function watchFiles({ paths, texts, intervalMs, onChange }: FileWatch): Disposable {
  let latest = texts;
  let isReading = false;
  const look = async (): Promise<void> => {
    if (isReading) return;
    isReading = true;
    const read = await readTexts(paths);
    isReading = false;
    if (isStopped || read.every((text, index) => isSame(text, latest[index]))) return;
    latest = read;
    onChange(read);
  };
  let isStopped = false;
  const timer = setInterval(() => void look(), intervalMs).unref();
  return {
    [Symbol.dispose]: () => {
      isStopped = true;
      clearInterval(timer);
    },
  };
}

function isSame(a: FileTexts[number], b: FileTexts[number] | undefined): boolean {
  return typeof a === 'string' || typeof b !== 'object' ? a === b : a.code === b.code;
}
