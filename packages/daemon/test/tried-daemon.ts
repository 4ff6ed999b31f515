/** A program to be run by a test: its first argument says how it fares. */
import { setTimeout as sleep } from 'node:timers/promises';

import { Command } from 'commander';
import { z } from 'zod';

import { logLevels, readCommandLine, runDaemon, StartFault } from '../src/index.ts';

const [, , how, ...args] = process.argv;
const program = new Command('tried').option('--logLevel <level>', 'least level', 'info');
const schema = z.object({ logLevel: z.enum(logLevels) });

process.exitCode = await runDaemon(
  {
    name: 'tried',
    commandLine: readCommandLine(program, schema, args),
    start: async (_options, { log, signal }) => {
      log.info('starting');
      if (how === 'waits')
        await sleep(60_000, undefined, { signal }).catch(() => {
          throw signal.reason;
        });
      if (how === 'refused') throw new StartFault(['--port: in use', '--file: missing']);
      if (how === 'bug') throw new TypeError('a bug');
      const alive = setInterval(() => undefined, 1000);
      log.info('started');
      return {
        failed:
          how === 'fails' ? sleep(10).then(() => Promise.reject(new StartFault(['lost it']))) : undefined,
        [Symbol.asyncDispose]: async () => {
          await sleep(50);
          clearInterval(alive);
          log.info('ended');
        },
      };
    },
  },
  process,
);
