import { Command, CommanderError } from 'commander';

import { demoCommand } from './commands/demo.ts';
import { explainCommand } from './commands/explain.ts';
import { healthCommand } from './commands/health.ts';
import { injectCommand } from './commands/inject.ts';
import { kernelCommand } from './commands/kernel.ts';
import { quotaCommand } from './commands/quota.ts';
import { validateCommand } from './commands/validate.ts';
import type { AddCommand } from './commands/add-command.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';

/** In the order of the help text. */
const commands: readonly AddCommand[] = [
  demoCommand,
  explainCommand,
  injectCommand,
  validateCommand,
  quotaCommand,
  healthCommand,
  kernelCommand,
];

/**
 * Runs the command line to its end.
 *
 * @param args without the program's own name
 * @param version what `--version` prints
 */
export async function run(args: readonly string[], version: string, io: Io): Promise<ExitCode> {
  let ended: ExitCode = exitCodes.success;
  const program = new Command('bwki')
    .description('Bitfusion on Kubernetes: see and try what the webhook makes of your manifests.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help on a command')
    .configureOutput({
      writeOut: (text) => {
        io.stdout.write(text);
      },
      writeErr: (text) => {
        io.stderr.write(text);
      },
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      getOutHelpWidth: () => helpWidth,
      getErrHelpWidth: () => helpWidth,
    })
    .exitOverride()
    .showHelpAfterError('(bwki help tells more)')
    .addHelpText('after', examples);
  for (const add of commands) {
    add(program, io, (code) => {
      ended = code;
    });
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return ended;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.success : exitCodes.badUsage;
  }
}

const helpWidth = 100;

const examples = `
Examples:
  bwki demo                                    see it work on this machine, without a cluster
  bwki explain -f pod.yaml                     what a pod asks for, and what it will run
  bwki inject -f pod.yaml | kubectl apply -f -

Exit codes:
  0  done
  1  a manifest or a figure is at fault; what is wrong is on stderr
  2  the call is at fault: options, environment or the file of --config
`;
