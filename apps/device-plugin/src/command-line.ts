import { type CommandLine, logLevels, readCommandLine as readFlags } from '@bwki/daemon';
import { Command, Option } from 'commander';
import { z } from 'zod';

import type { CapacityChoice, DevicePluginOptions } from './device-plugin-options.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const text = z.string().min(1, 'must not be empty');
const seconds = z.coerce
  .number('must be a number of seconds')
  .min(1, 'must be 1 or more')
  .max(86_400, 'must be 86400 or less');

const schema = z
  .object({
    resourceName: text,
    resourceNums: z.coerce
      .number('must be a whole number')
      .int('must be a whole number')
      .min(1, 'must be 1 or more'),
    socketName: text,
    directory: text,
    capacitySource: z.enum(['static', 'bitfusion']),
    capacityPerNode: z.enum(['pool', 'share']),
    nodes: z.coerce
      .number('must be a whole number')
      .int('must be a whole number')
      .min(1, 'must be 1 or more')
      .optional(),
    interval: seconds,
    client: text,
    clientTimeout: seconds,
    host: text.optional(),
    healthPort: z.coerce
      .number('must be a whole number')
      .int('must be a whole number')
      .min(0, 'must be 0 to 65535')
      .max(65_535, 'must be 0 to 65535'),
    logLevel: z.enum(logLevels),
  })
  .superRefine(({ capacitySource, capacityPerNode, nodes }, context) => {
    if (capacityPerNode === 'share' && capacitySource === 'static')
      context.addIssue('--capacityPerNode share divides the pool: it goes with --capacitySource bitfusion');
    if (capacityPerNode === 'share' && nodes === undefined)
      context.addIssue('--capacityPerNode share needs --nodes, how many nodes the pool is divided among');
    if (capacityPerNode === 'pool' && nodes !== undefined)
      context.addIssue('--nodes is for --capacityPerNode share');
  });

/**
 * Reads flags and environment, once. The variables of the original keep their meaning (B66); a flag goes before its
 * variable.
 *
 * @param args without the program's own name
 */
export function readCommandLine(
  args: readonly string[],
  env: Environment,
  version: string,
): CommandLine<DevicePluginOptions> {
  const read = readFlags(createProgram(version, env), schema, args);
  return read.kind === 'run' ? { kind: 'run', options: optionsOf(read.options) } : read;
}

function optionsOf(read: z.infer<typeof schema>): DevicePluginOptions {
  return Object.freeze<DevicePluginOptions>({
    resourceName: read.resourceName,
    // The original's name is that of the socket itself.
    socketName: read.socketName.replace(/\.sock$/, ''),
    directory: read.directory,
    capacity: capacityOf(read),
    host: read.host,
    healthPort: read.healthPort,
    logLevel: read.logLevel,
  });
}

function capacityOf(read: z.infer<typeof schema>): CapacityChoice {
  if (read.capacitySource === 'static') return { kind: 'static', units: read.resourceNums };
  return {
    kind: 'bitfusion',
    client: read.client,
    clientTimeoutMs: read.clientTimeout * 1000,
    intervalMs: read.interval * 1000,
    nodes: read.nodes ?? 1,
  };
}

function createProgram(version: string, env: Environment): Command {
  const program = new Command('bwki-device-plugin')
    .description('Device plugin: offers the units of the Bitfusion pool to the kubelet of its node.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help');
  const setting = (flags: string, variable: string, description: string, usual?: string): void => {
    // What is set to nothing is not set: a template of a manifest cannot leave a variable out.
    const given = env[variable]?.trim();
    program.addOption(
      new Option(flags, `${description} (env ${variable})`).default(
        given === undefined || given === '' ? usual : given,
        usual,
      ),
    );
  };
  setting('--resourceName <name>', 'RESOURCE_NAME', 'the resource', 'bitfusion.io/gpu');
  setting('--resourceNums <number>', 'RESOURCE_NUMS', 'units of the source static', '1000');
  setting('--socketName <stem>', 'SOCKET_NAME', "what its sockets' names begin with", 'bitfusion');
  setting('--capacitySource <source>', 'CAPACITY_SOURCE', 'static, or bitfusion: ask the pool', 'static');
  setting('--capacityPerNode <part>', 'CAPACITY_PER_NODE', 'pool: all of it, or share: pool / nodes', 'pool');
  setting('--nodes <number>', 'NODES', 'how many nodes share the pool');
  setting('--interval <seconds>', 'INTERVAL', 'from one question to the pool to the next', '10');
  setting('--client <path>', 'CLIENT', 'the Bitfusion client that asks', 'bitfusion');
  setting('--clientTimeout <seconds>', 'CLIENT_TIMEOUT', 'how long it may take', '30');
  setting(
    '--directory <path>',
    'DEVICE_PLUGINS_DIRECTORY',
    "the kubelet's",
    '/var/lib/kubelet/device-plugins',
  );
  setting('--healthPort <number>', 'HEALTH_PORT', '/healthz, /readyz and /metrics; 0: any free one', '8082');
  setting('--host <address>', 'HOST_ADDRESS', 'where that port listens, all addresses if not given');
  setting('--logLevel <level>', 'LOG_LEVEL', `least level of a log line: ${logLevels.join(', ')}`, 'info');
  return program.addHelpText('after', examples);
}

const examples = `
Examples:
  bwki-device-plugin --resourceNums 400
  bwki-device-plugin --capacitySource bitfusion --interval 30

Exit codes:
  0  ended by SIGTERM or SIGINT
  1  it cannot start: resource name, number of units, directory or port; what is wrong is on stderr
  2  wrong usage
`;
