import { type ClientEvent, readEvent } from './client-event.ts';
import { type ClientFailure, readFailure } from './client-failure.ts';
import { withoutEnd } from './lines.ts';

/** One record of the client's log. */
export interface LogRecord {
  readonly kind: 'record';
  /** The text that was read, its line end included. */
  readonly source: string;
  /** `INFO`, `WARN` … */
  readonly level: string;
  /** RFC 3339 as printed: `2021-09-03T00:39:22Z`, `2022-01-17T20:52:10+08:00`. */
  readonly timestamp: string;
  readonly message: string;
  readonly event: ClientEvent;
}

/**
 * A line of the client's output. The `source` of all lines, one after the other, is the output itself: what is not
 * understood is a `text`, never lost.
 */
export type ClientLine =
  | LogRecord
  | { readonly kind: 'resources'; readonly source: string }
  | { readonly kind: 'server-list'; readonly source: string; readonly servers: readonly string[] }
  | { readonly kind: 'idle-timeout'; readonly source: string; readonly minutes: number }
  | { readonly kind: 'failure'; readonly source: string; readonly failure: ClientFailure }
  | TextLine;

/** A line that is not the client's, or of a wording that is not known. */
export interface TextLine {
  readonly kind: 'text';
  readonly source: string;
}

const stamp = String.raw`\[([A-Z]{3,9}) *\] (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) `;
const recordAtStart = new RegExp(`^${stamp}(.*)$`, 's');
const recordInside = new RegExp(stamp, 'g');

/** Reads one line, which may be a record that is glued to nothing else. */
export function readLine(source: string): ClientLine {
  const line = withoutEnd(source);
  return readRecord(source) ?? readPlain(line, source);
}

/** Reads a record, whose message may span lines; undefined when the text does not start with one. */
export function readRecord(source: string): LogRecord | undefined {
  const [, level, timestamp, message] = recordAtStart.exec(withoutEnd(source)) ?? [];
  if (level === undefined || timestamp === undefined || message === undefined) return undefined;
  return { kind: 'record', source, level, timestamp, message, event: readEvent(message) };
}

/**
 * Parts a line where a record of known wording starts in its middle: two records without a line end between them, or
 * a record after a program's last words. A program that quotes records of its own is left whole.
 */
export function partRecords(line: string): readonly string[] {
  const starts = [0];
  for (const { index } of line.matchAll(recordInside)) {
    if (index > 0 && isKnown(line.slice(index))) starts.push(index);
  }
  return starts.map((start, nth) => line.slice(start, starts[nth + 1]));
}

function isKnown(text: string): boolean {
  const next = text.slice(1).search(recordInside);
  const event = readRecord(next < 0 ? text : text.slice(0, next + 1))?.event.kind;
  return event !== undefined && event !== 'other';
}

function readPlain(line: string, source: string): ClientLine {
  if (line === 'Requested resources:') return { kind: 'resources', source };
  const servers = /^Server List:(.*)$/s.exec(line)?.[1];
  if (servers !== undefined) {
    return {
      kind: 'server-list',
      source,
      servers: servers.split(/[\s;,]+/).filter((server) => server !== ''),
    };
  }
  const minutes = /^Client idle timeout: (\d{1,9}) min$/.exec(line)?.[1];
  if (minutes !== undefined) return { kind: 'idle-timeout', source, minutes: Number(minutes) };
  const failure = readFailure(line);
  return failure === undefined ? { kind: 'text', source } : { kind: 'failure', source, failure };
}
