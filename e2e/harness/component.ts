import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import { forkedBy } from './forked-by.ts';
import { poll } from './poll.ts';

export interface ComponentOptions {
  readonly name: string;
  readonly binary: string;
  readonly args: readonly string[];
  /** Nothing unless given. */
  readonly env?: Readonly<Record<string, string>>;
  /** A command line in front that forks the process into a node's namespaces, waits for it, and passes on no signal. */
  readonly enter?: readonly string[];
  /** Gets standard output and error, added to what earlier runs left. */
  readonly logFile: string;
  /** Throws or gives false while it does not serve yet. */
  readonly isReady: () => Promise<boolean>;
  /** Milliseconds from start to ready. */
  readonly readyWithin: number;
}

/** A running process of a cluster. */
export interface Component extends AsyncDisposable {
  readonly name: string;
  readonly pid: number;
  /** TERM, and KILL once `grace` milliseconds have passed; resolves when the process is gone. */
  stop(grace: number): Promise<void>;
  /** KILL at once. */
  kill(): Promise<void>;
}

const lastLines = 15;
/** A control plane is thrown away as a whole, so nothing is lost with a process that takes longer. */
const graceAtEnd = 3_000;

/** Starts a process and waits until it serves; an error has the last lines of its log. */
export async function startComponent(options: ComponentOptions): Promise<Component> {
  const log = openSync(options.logFile, 'a');
  // The kernel kills the process when its parent ends, in whatever way: nothing outlives a test run that was killed.
  const command = [...(options.enter ?? []), options.binary, ...options.args];
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...command], {
    env: options.env ?? {},
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const ended = new AbortController();
  const exited = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      ended.abort(new Error(`${options.name} could not be started: ${error.message}`));
      resolve();
    });
    child.once('exit', (code, signal) => {
      ended.abort(new Error(`${options.name} ended by itself: ${signal ?? `exit code ${code ?? '?'}`}`));
      resolve();
    });
  });
  const component = asComponent(options.name, child, exited, options.enter !== undefined);
  try {
    await poll(async () => ((await options.isReady()) ? true : undefined), {
      what: `${options.name} to get ready`,
      within: options.readyWithin,
      signal: ended.signal,
    });
    return component;
  } catch (error) {
    await component.kill();
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${why}\n${await tail(options.logFile)}`, { cause: error });
  }
}

function asComponent(name: string, child: ChildProcess, exited: Promise<void>, isForked: boolean): Component {
  const pid = (): number => (isForked ? forkedBy(child.pid ?? 0) : (child.pid ?? 0));
  const isOver = (): boolean =>
    child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  const signal = (name: 'SIGTERM' | 'SIGKILL'): void => {
    if (isOver()) return;
    try {
      process.kill(pid(), name);
    } catch {
      // It ended by itself a moment ago, or has not been forked yet.
      child.kill(name);
    }
  };
  const kill = async (): Promise<void> => {
    signal('SIGKILL');
    await exited;
  };
  const stop = async (grace: number): Promise<void> => {
    if (isOver()) return;
    signal('SIGTERM');
    const patience = new AbortController();
    const late = delay(grace, 'late', { signal: patience.signal }).catch(() => 'over');
    const first = await Promise.race([exited.then(() => 'over'), late]);
    patience.abort();
    if (first === 'late') await kill();
  };
  return { name, pid: child.pid ?? 0, stop, kill, [Symbol.asyncDispose]: () => stop(graceAtEnd) };
}

async function tail(file: string): Promise<string> {
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  return [`the last lines of ${file}:`, ...lines.slice(-lastLines)].join('\n');
}
