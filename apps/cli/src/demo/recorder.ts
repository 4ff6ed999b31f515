import { readFile } from 'node:fs/promises';

import { shellQuote } from '../terminal/shell-quote.ts';
import { writeScript } from './shell-script.ts';

/** A program that was started: its path in the container, and its arguments. */
export type RecordedCall = readonly string[];

/**
 * Puts a program below a container's root that does nothing but note how it was started.
 *
 * @param root the container's file system
 * @param path absolute in the container
 * @param record the file that the calls are added to
 */
export async function installRecorder(root: string, path: string, record: string): Promise<void> {
  // Counted, and each with a NUL behind it, which no argument can contain.
  const line = `printf '%s\\0' "$#" ${shellQuote(path)} "$@" >> ${shellQuote(record)}`;
  await writeScript(root + path, [line]);
}

/** The calls in the order in which they were made. */
export async function readRecord(record: string): Promise<readonly RecordedCall[]> {
  const words = (await readFile(record, 'utf8')).split('\0');
  const calls: RecordedCall[] = [];
  for (let at = 0; at < words.length - 1;) {
    const end = at + 2 + Number(words[at]);
    calls.push(words.slice(at + 1, end));
    at = end;
  }
  return calls;
}
