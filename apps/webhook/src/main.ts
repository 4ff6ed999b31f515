#!/usr/bin/env node
import { readFile } from 'node:fs/promises';

import { runDaemon } from '@bwki/daemon';

import { readCommandLine } from './command-line.ts';
import { startWebhook } from './start-webhook.ts';

const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};
process.exitCode = await runDaemon(
  {
    name: 'bwki-webhook',
    commandLine: readCommandLine(process.argv.slice(2), process.env, version),
    start: startWebhook,
  },
  process,
);
