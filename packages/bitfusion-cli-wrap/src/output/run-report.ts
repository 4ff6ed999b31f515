import type { ClientEvent, RunServer } from './client-event.ts';
import { type ClientFailure, failureOf } from './client-failure.ts';
import type { ClientLine, LogRecord } from './client-line.ts';
import { RunLogReader } from './run-log.ts';

/** The event of one kind. */
export type EventOf<Kind extends ClientEvent['kind']> = Extract<ClientEvent, { readonly kind: Kind }>;

/** What the output of a `run` tells. */
export interface RunReport {
  /** Every line, in order; their `source` together is the output. */
  readonly lines: readonly ClientLine[];
  /** One a server. */
  readonly requested: readonly EventOf<'requesting'>[];
  /** Undefined when no GPU was locked. */
  readonly locked: EventOf<'locked'> | undefined;
  /** Undefined when the program was not started. */
  readonly running: EventOf<'running'> | undefined;
  readonly servers: readonly RunServer[];
  /** The program's output and what is not understood. */
  readonly output: string;
  /** Records above `INFO`. */
  readonly warnings: readonly LogRecord[];
  readonly released: boolean;
  readonly failure: ClientFailure | undefined;
}

/** Reads the whole output of a `run`, standard output and standard error as one stream. */
export function parseRun(text: string): RunReport {
  const reader = new RunLogReader();
  return runReport([...reader.push(text), ...reader.end()]);
}

/** Sums up lines that {@link RunLogReader} read. */
export function runReport(lines: readonly ClientLine[]): RunReport {
  const records = lines.filter((line) => line.kind === 'record');
  const of = <Kind extends ClientEvent['kind']>(kind: Kind): EventOf<Kind>[] =>
    records.map(({ event }) => event).filter((event): event is EventOf<Kind> => event.kind === kind);
  return {
    lines,
    requested: of('requesting'),
    locked: of('locked')[0],
    running: of('running')[0],
    servers: of('server'),
    output: lines.flatMap((line) => (line.kind === 'text' ? [line.source] : [])).join(''),
    warnings: records.filter(({ level }) => level !== 'INFO' && level !== 'DEBUG'),
    released: of('released').length > 0,
    failure: failureOf(lines),
  };
}
