import { describeAskFault, health as askHealth } from '@bwki/bitfusion-cli-wrap/exec';
import type { HealthReport, MachineHealth } from '@bwki/bitfusion-cli-wrap';

import { exitCodes, type ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { printable } from '../terminal/printable.ts';
import { progressOn } from '../terminal/progress.ts';
import { styleFor, type Style } from '../terminal/style.ts';
import { table } from '../terminal/table.ts';
import type { AddCommand } from './add-command.ts';
import { seconds } from './option-values.ts';

export interface HealthOptions {
  /** The client: a name that is looked up in PATH, or a path. */
  readonly binary: string;
  /** Seconds. */
  readonly timeout: number;
  readonly json?: boolean | undefined;
}

/** `bwki health`: the client's own report on every server and on this machine. A FATAL check is exit code 1. */
export async function health(options: HealthOptions, io: Io): Promise<ExitCode> {
  const progress = progressOn(io);
  const waiting = setInterval(() => {
    progress.step('waiting for the servers');
  }, 250);
  const answer = await askHealth({
    binary: options.binary,
    timeout: options.timeout * 1000,
    env: definedEnv(io),
    signal: io.interruption(),
  });
  clearInterval(waiting);
  progress.done();
  if (!answer.ok) {
    const reason = describeAskFault(answer.error, { binary: '--binary', timeout: '--timeout' });
    io.stderr.write(`${styleFor(io.stderr, io.env)('red', `bwki health: ${printable(reason)}`)}\n`);
    return exitCodes.badInput;
  }
  const { machines } = answer.value;
  io.stdout.write(
    options.json === true
      ? `${JSON.stringify(machines.map(machineJson), null, 2)}\n`
      : healthText(answer.value, styleFor(io.stdout, io.env)),
  );
  return machines.some(isFatal) ? exitCodes.badInput : exitCodes.success;
}

function healthText({ machines }: HealthReport, style: Style): string {
  const colours = { PASS: 'green', INFO: 'dim', SKIPPED: 'dim', MARGINAL: 'yellow', FATAL: 'red' } as const;
  return machines
    .map((machine) => {
      const rows = machine.categories.flatMap(({ name, checks }) =>
        checks.map((check) => [
          style(colours[check.verdict], check.verdict),
          printable(name),
          printable(check.name),
          printable(check.detail ?? ''),
        ]),
      );
      return `${style('bold', printable(machineName(machine)))}\n${table(rows, '  ')}`;
    })
    .join('\n');
}

function machineJson(machine: MachineHealth): unknown {
  const { server = null, categories, totals } = machine;
  return { server, fatal: isFatal(machine), categories, totals };
}

function machineName({ server }: MachineHealth): string {
  return server === undefined ? 'this machine' : `server ${server}`;
}

function isFatal({ categories, totals }: MachineHealth): boolean {
  return (
    (totals.FATAL ?? 0) > 0 ||
    categories.some(({ checks }) => checks.some(({ verdict }) => verdict === 'FATAL'))
  );
}

function definedEnv({ env }: Io): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

export const healthCommand: AddCommand = (program, io, end) => {
  program
    .command('health')
    .description('Ask the Bitfusion client on this machine how the servers are.')
    .option('--binary <path>', 'the client', 'bitfusion')
    .option('--timeout <seconds>', 'how long to wait for it', seconds, 60)
    .option('--json', 'for programs')
    .addHelpText('after', examples)
    .action(async (options: HealthOptions) => {
      end(await health(options, io));
    });
};

const examples = `
Exit code 1 says that the client gave no report, or that a check in it is FATAL.

Examples:
  bwki health
  bwki health --binary /bitfusion/bitfusion-client-ubuntu2004_4.5.0-4_amd64.deb/usr/bin/bitfusion --json
`;
