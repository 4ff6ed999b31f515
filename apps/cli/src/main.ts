#!/usr/bin/env node
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';

import { run } from './cli.ts';
import type { Output, ProgramEnd } from './io.ts';

/** Whoever reads a pipe may have read enough (`| head`): that is no error of ours. */
function output(stream: NodeJS.WriteStream): Output {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    isTTY: stream.isTTY,
    write: (text) => {
      if (text !== '') stream.write(text);
    },
  };
}

/** Ends as shells expect of a command that a signal ended, once what was to be cleaned up is. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
  ] as const) {
    process.once(signal, () => {
      process.once('exit', () => {
        process.exitCode = 128 + number;
      });
      controller.abort();
    });
  }
  return controller.signal;
}

/** The bounds are for a cluster that does not answer, or answers with something else than one object. */
function kubectl(args: readonly string[]): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    execFile('kubectl', args, { timeout: 30_000, maxBuffer: 16 << 20 }, (error, stdout, stderr) => {
      if (error === null) resolve({ status: 0, stdout, stderr });
      else if (typeof error.code === 'number') resolve({ status: error.code, stdout, stderr });
      else resolve({ status: -1, stdout, stderr: error.message });
    });
  });
}

const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};

process.exitCode = await run(process.argv.slice(2), version, {
  stdout: output(process.stdout),
  stderr: output(process.stderr),
  readStdin: () => buffer(process.stdin),
  readFile: (path) => readFile(path),
  kubectl,
  env: process.env,
  now: () => performance.now(),
  interruption,
});
