import { type ClientLine, partRecords, readLine, readRecord } from './client-line.ts';
import { LineReader } from './lines.ts';

/** A record that starts so and ends later names a program whose arguments hold line ends. */
const runningStart = /\] \S+ Running client command '/;
const runningEnd = /' on \d+ GPUs, with the following servers:\r?\n?$/;
/** Longer than any argv that Linux takes: what is not closed by then is no such record. */
const maxRecord = 2 ** 21;

/**
 * Reads the output of `run` as it comes: the client's own lines, and the program's between them. While the program
 * runs only records are taken for the client's; an `Error: …` then is the program's text.
 */
export class RunLogReader {
  readonly #lines = new LineReader();
  #open = '';
  #programRuns = false;

  /** The lines that this text completes. */
  push(text: string): readonly ClientLine[] {
    return this.#lines.push(text).flatMap((line) => this.#read(line));
  }

  /** What is left when the output ends. */
  end(): readonly ClientLine[] {
    return [...this.#lines.end().flatMap((line) => this.#read(line)), ...this.#giveUp()];
  }

  #read(line: string): readonly ClientLine[] {
    return partRecords(line).flatMap((part) => this.#readPart(part));
  }

  #readPart(part: string): readonly ClientLine[] {
    if (this.#open !== '') {
      if (readRecord(part) !== undefined) return [...this.#giveUp(), ...this.#readPart(part)];
      this.#open += part;
      if (runningEnd.test(part)) return this.#close();
      return this.#open.length > maxRecord ? this.#giveUp() : [];
    }
    const line = readLine(part);
    if (line.kind === 'record' && line.event.kind === 'other' && runningStart.test(part)) {
      this.#open = part;
      return [];
    }
    return [this.#judge(line)];
  }

  #close(): readonly ClientLine[] {
    const record = readRecord(this.#open);
    this.#open = '';
    return record === undefined ? [] : [this.#judge(record)];
  }

  #giveUp(): readonly ClientLine[] {
    const lines = new LineReader();
    const open = [...lines.push(this.#open), ...lines.end()];
    this.#open = '';
    return open.map((line) => this.#judge(readLine(line)));
  }

  #judge(line: ClientLine): ClientLine {
    if (line.kind === 'record') {
      if (line.event.kind === 'running') this.#programRuns = true;
      if (line.event.kind === 'releasing') this.#programRuns = false;
      return line;
    }
    return this.#programRuns ? { kind: 'text', source: line.source } : line;
  }
}
