#!/usr/bin/env node
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';

import { pino } from 'pino';

import { BatchedLines } from './batched-lines.ts';
import { readCommandLine } from './command-line.ts';
import { createLog } from './log.ts';
import { StartFault } from './start-fault.ts';
import { startWebhook } from './start-webhook.ts';
import type { WebhookOptions } from './webhook-options.ts';

async function run(options: WebhookOptions): Promise<number> {
  const output = pino.destination({ fd: 1, sync: true });
  const lines = new BatchedLines(output);
  // At every end, that of a bug too, which nothing here sees.
  process.once('exit', () => {
    lines.flush();
    output.flushSync();
  });
  const log = createLog(options.logLevel, lines);
  const stopping = new AbortController();
  const { signal } = stopping;
  const stopped = once(signal, 'abort');
  const stop = (): void => {
    stopping.abort();
  };
  // Once each: who asks a second time means it, and gets what the signal does by itself.
  process.once('SIGTERM', stop).once('SIGINT', stop);
  try {
    const webhook = await startWebhook(options, { log, signal });
    await stopped;
    await webhook[Symbol.asyncDispose]();
    return 0;
  } catch (error) {
    // Told to end while it waited for the API server.
    if (error === signal.reason) return 0;
    if (!(error instanceof StartFault)) throw error;
    for (const fault of error.faults) process.stderr.write(`bwki-webhook: ${fault}\n`);
    return 1;
  } finally {
    process.off('SIGTERM', stop).off('SIGINT', stop);
  }
}

const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};
const commandLine = readCommandLine(process.argv.slice(2), process.env, version);
if (commandLine.kind === 'run') process.exitCode = await run(commandLine.options);
else if (commandLine.kind === 'told') process.stdout.write(commandLine.text);
else {
  process.stderr.write(commandLine.text);
  process.exitCode = 2;
}
