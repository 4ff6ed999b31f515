import { once } from 'node:events';

import { pino } from 'pino';

import { BatchedLines } from './batched-lines.ts';
import type { CommandLine } from './command-line.ts';
import { createLog, type Log, type LogLevel } from './log.ts';
import { StartFault } from './start-fault.ts';

/** What a program gets from its surroundings when it starts. */
export interface DaemonSurroundings {
  readonly log: Log;
  /** Aborted when the program is told to end; a start that is under way rejects with its reason then. */
  readonly signal: AbortSignal;
}

/** What runs until somebody ends it. */
export interface Daemon extends AsyncDisposable {
  /** Rejects with a `StartFault` where it cannot go on; for ever pending, or left out, where that cannot happen. */
  readonly failed?: Promise<never> | undefined;
}

export interface DaemonProgram<Options extends { readonly logLevel: LogLevel }> {
  /** In front of what is said on standard error. */
  readonly name: string;
  readonly commandLine: CommandLine<Options>;
  /** Rejects with a `StartFault` for what a person has to change; any other error is a bug. */
  readonly start: (options: Options, surroundings: DaemonSurroundings) => Promise<Daemon>;
}

/**
 * Runs a program from its command line to its end by SIGTERM or SIGINT, with a log of JSON lines on standard output.
 *
 * @returns the exit code: 0 after an end in order, 1 where it cannot start or go on, 2 for wrong usage
 */
export async function runDaemon<Options extends { readonly logLevel: LogLevel }>(
  { name, commandLine, start }: DaemonProgram<Options>,
  process: NodeJS.Process,
): Promise<number> {
  if (commandLine.kind === 'told') {
    process.stdout.write(commandLine.text);
    return 0;
  }
  if (commandLine.kind === 'wrong-usage') {
    process.stderr.write(commandLine.text);
    return 2;
  }
  const { options } = commandLine;
  const log = createLog(options.logLevel, linesUntilExit(process));
  const stopping = new AbortController();
  const { signal } = stopping;
  const stopped = once(signal, 'abort');
  const stop = (): void => {
    stopping.abort();
  };
  // Once each: who asks a second time means it, and gets what the signal does by itself.
  process.once('SIGTERM', stop).once('SIGINT', stop);
  try {
    await using daemon = await start(options, { log, signal });
    await Promise.race([stopped, daemon.failed ?? stopped]);
    return 0;
  } catch (error) {
    // Told to end while it was starting.
    if (error === signal.reason) return 0;
    if (!(error instanceof StartFault)) throw error;
    for (const fault of error.faults) process.stderr.write(`${name}: ${fault}\n`);
    return 1;
  } finally {
    process.off('SIGTERM', stop).off('SIGINT', stop);
  }
}

/** Lines to standard output, flushed at every end, that of a bug too, which nothing here sees. */
function linesUntilExit(process: NodeJS.Process): BatchedLines {
  const output = pino.destination({ fd: 1, sync: true });
  const lines = new BatchedLines(output);
  process.once('exit', () => {
    lines.flush();
    output.flushSync();
  });
  return lines;
}
