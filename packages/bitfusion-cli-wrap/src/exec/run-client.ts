import { type ChildProcess, spawn as nodeSpawn, type SpawnOptions } from 'node:child_process';

import { err, ok, type Result } from '@bwki/plain-data';
import { BoundedOutput, type ClientOutput } from './bounded-output.ts';
import { endGroup } from './end-group.ts';

/** Starts a process: Node's `spawn`, or what a test puts in its place. */
export type Spawn = (command: string, args: readonly string[], options: SpawnOptions) => ChildProcess;

/** How to run the client. */
export interface RunClientOptions {
  /** A name that is looked up in `PATH`, or a path. */
  readonly binary: string;
  /** Without the binary: `['list_gpus']`. */
  readonly argv: readonly string[];
  /** Milliseconds; default 30 000. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  /** The child's whole environment; default that of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Bytes of standard output and standard error together; default 1 MiB. */
  readonly maxOutput?: number;
  /** Milliseconds between SIGTERM and SIGKILL when the child is to end; default 2 000. */
  readonly grace?: number;
  readonly spawn?: Spawn;
}

/** Why the client did not end well. What it wrote until then is kept. */
export type RunClientFault =
  /** No such program, or a script whose interpreter does not exist. */
  | { readonly kind: 'not-found'; readonly binary: string }
  /** It exists and cannot be started; `cause` is the system's code, e.g. `EACCES`. */
  | { readonly kind: 'not-executable'; readonly binary: string; readonly cause: string }
  | ({ readonly kind: 'timeout'; readonly timeout: number } & ClientOutput)
  | ({ readonly kind: 'aborted' } & ClientOutput)
  | ({ readonly kind: 'output-too-large'; readonly maxOutput: number } & ClientOutput)
  /** An exit code other than 0. */
  | ({ readonly kind: 'exit'; readonly code: number } & ClientOutput)
  /** Ended by a signal that was not sent from here. */
  | ({ readonly kind: 'signal'; readonly signal: NodeJS.Signals } & ClientOutput);

type Stopped =
  | { readonly kind: 'timeout'; readonly timeout: number }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'output-too-large'; readonly maxOutput: number };

/**
 * Runs the client to its end, with nothing on its standard input and in a process group of its own. On a timeout, an
 * abort or too much output the whole group gets SIGTERM and, after `grace`, SIGKILL; so does, a `grace` after its exit,
 * what the client left running with its outputs. The promise settles when the child is gone; it never rejects.
 */
export function runClient(options: RunClientOptions): Promise<Result<ClientOutput, RunClientFault>> {
  const { binary, argv, timeout = 30_000, signal, env, maxOutput = 1_048_576, grace = 2_000 } = options;
  const { spawn = nodeSpawn } = options;
  const output = new BoundedOutput(maxOutput);
  if (signal?.aborted === true) return Promise.resolve(err({ kind: 'aborted', ...output.text() }));
  return new Promise((resolve) => {
    let child: ChildProcess;
    try {
      child = spawn(binary, argv, { detached: true, stdio: ['ignore', 'pipe', 'pipe'], ...(env && { env }) });
    } catch (error) {
      resolve(err(startFault(binary, error)));
      return;
    }
    let stopped: Stopped | undefined;
    let linger: NodeJS.Timeout | undefined;
    const stop = (reason: Stopped): void => {
      if (stopped !== undefined) return;
      stopped = reason;
      endGroup(child, grace);
    };
    const abort = (): void => {
      stop({ kind: 'aborted' });
    };
    const timer = setTimeout(stop, timeout, { kind: 'timeout', timeout });
    signal?.addEventListener('abort', abort);
    const settle = (result: Result<ClientOutput, RunClientFault>): void => {
      clearTimeout(timer);
      clearTimeout(linger);
      signal?.removeEventListener('abort', abort);
      resolve(result);
    };
    child.once('exit', () => {
      if (stopped === undefined) linger = setTimeout(endGroup, grace, child, grace);
    });
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream]?.on('data', (chunk: Uint8Array) => {
        if (!output.add(stream, chunk)) stop({ kind: 'output-too-large', maxOutput });
      });
    }
    child.once('error', (error) => {
      settle(err(startFault(binary, error)));
    });
    child.once('close', (code, endedBy) => {
      settle(ending(stopped, code, endedBy, output.text()));
    });
  });
}

function ending(
  stopped: Stopped | undefined,
  code: number | null,
  endedBy: NodeJS.Signals | null,
  output: ClientOutput,
): Result<ClientOutput, RunClientFault> {
  if (stopped !== undefined) return err({ ...stopped, ...output });
  if (endedBy !== null) return err({ kind: 'signal', signal: endedBy, ...output });
  return code === 0 ? ok(output) : err({ kind: 'exit', code: code ?? -1, ...output });
}

function startFault(binary: string, error: unknown): RunClientFault {
  const cause = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
  return cause === 'ENOENT' ? { kind: 'not-found', binary } : { kind: 'not-executable', binary, cause };
}
