#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';

import { run } from './cli.ts';
import type { Output } from './io.ts';

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

const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};

process.exitCode = await run(process.argv.slice(2), version, {
  stdout: output(process.stdout),
  stderr: output(process.stderr),
  readStdin: () => buffer(process.stdin),
  readFile: (path) => readFile(path),
  env: process.env,
  now: () => performance.now(),
  interruption,
});
