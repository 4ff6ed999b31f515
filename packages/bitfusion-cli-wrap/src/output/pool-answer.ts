import { type ClientFailure, failureOf } from './client-failure.ts';
import { type ClientLine, partRecords, readLine } from './client-line.ts';
import { linesOf } from './lines.ts';

/** What `request_gpus` or `release_gpus` printed. */
export interface PoolAnswer {
  /** `host:port` of the servers whose GPUs are locked; empty for `release_gpus`, which prints none. */
  readonly servers: readonly string[];
  /** Minutes until an idle client loses its GPUs; 0 for never. Undefined when not printed. */
  readonly idleTimeoutMinutes: number | undefined;
  /** Undefined when the client did not give up. */
  readonly failure: ClientFailure | undefined;
  /** Every line, in order; their `source` together is the output. */
  readonly lines: readonly ClientLine[];
}

/** Reads the output of `request_gpus` and of `release_gpus`. */
export function parsePoolAnswer(text: string): PoolAnswer {
  const lines = linesOf(text).flatMap(partRecords).map(readLine);
  return {
    servers: lines.find((line) => line.kind === 'server-list')?.servers ?? [],
    idleTimeoutMinutes: lines.find((line) => line.kind === 'idle-timeout')?.minutes,
    failure: failureOf(lines),
    lines,
  };
}
