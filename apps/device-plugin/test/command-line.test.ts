import { describe, expect, it } from 'vitest';

import { readCommandLine } from '../src/command-line.ts';
import type { DevicePluginOptions } from '../src/device-plugin-options.ts';

function optionsOf(args: string, env: Record<string, string> = {}): DevicePluginOptions {
  const read = readCommandLine(args === '' ? [] : args.split(' '), env, '1.2.3');
  if (read.kind !== 'run') throw new Error(read.text);
  return read.options;
}

describe('the command line', () => {
  it('--help documents every option, its variable, and what the exit codes mean', () => {
    const { text } = readCommandLine(['--help'], {}, '1.2.3') as { text: string };
    expect(text).toMatchInlineSnapshot(`
      "Usage: bwki-device-plugin [options]

      Device plugin: offers the units of the Bitfusion pool to the kubelet of its node.

      Options:
        -V, --version              print the version
        --resourceName <name>      the resource (env RESOURCE_NAME) (default: bitfusion.io/gpu)
        --resourceNums <number>    units of the source static (env RESOURCE_NUMS) (default: 1000)
        --socketName <stem>        what its sockets' names begin with (env SOCKET_NAME) (default:
                                   bitfusion)
        --capacitySource <source>  static, or bitfusion: ask the pool (env CAPACITY_SOURCE) (default:
                                   static)
        --capacityPerNode <part>   pool: all of it, or share: pool / nodes (env CAPACITY_PER_NODE)
                                   (default: pool)
        --nodes <number>           how many nodes share the pool (env NODES)
        --interval <seconds>       from one question to the pool to the next (env INTERVAL) (default: 10)
        --client <path>            the Bitfusion client that asks (env CLIENT) (default: bitfusion)
        --clientTimeout <seconds>  how long it may take (env CLIENT_TIMEOUT) (default: 30)
        --directory <path>         the kubelet's (env DEVICE_PLUGINS_DIRECTORY) (default:
                                   /var/lib/kubelet/device-plugins)
        --healthPort <number>      /healthz, /readyz and /metrics; 0: any free one (env HEALTH_PORT)
                                   (default: 8082)
        --host <address>           where that port listens, all addresses if not given (env HOST_ADDRESS)
        --logLevel <level>         least level of a log line: debug, info, warn, error, silent (env
                                   LOG_LEVEL) (default: info)
        -h, --help                 print this help

      Examples:
        bwki-device-plugin --resourceNums 400
        bwki-device-plugin --capacitySource bitfusion --interval 30

      Exit codes:
        0  ended by SIGTERM or SIGINT
        1  it cannot start: resource name, number of units, directory or port; what is wrong is on stderr
        2  wrong usage

      "
    `);
    expect(readCommandLine(['--version'], {}, '1.2.3')).toEqual({ kind: 'told', text: '1.2.3\n' });
  });

  it('B66: without a word it is the original: 1000 units of bitfusion.io/gpu', () => {
    expect(optionsOf('')).toEqual({
      resourceName: 'bitfusion.io/gpu',
      socketName: 'bitfusion',
      directory: '/var/lib/kubelet/device-plugins',
      capacity: { kind: 'static', units: 1000 },
      host: undefined,
      healthPort: 8082,
      logLevel: 'info',
    });
  });

  it('B66: the variables of the original keep their meaning; a flag goes before, an empty one is not set', () => {
    const env = { RESOURCE_NAME: 'a.b/c', RESOURCE_NUMS: '400', SOCKET_NAME: 'gpu.sock', INTERVAL: '30' };
    expect(optionsOf('', env)).toMatchObject({
      resourceName: 'a.b/c',
      socketName: 'gpu',
      capacity: { kind: 'static', units: 400 },
    });
    expect(optionsOf('--capacitySource bitfusion', env).capacity).toMatchObject({ intervalMs: 30_000 });
    expect(optionsOf('--resourceNums 7', env).capacity).toEqual({ kind: 'static', units: 7 });
    expect(optionsOf('', { RESOURCE_NUMS: ' ' }).capacity).toEqual({ kind: 'static', units: 1000 });
  });

  it('B66: the pool as the source, whole or divided', () => {
    expect(optionsOf('--capacitySource bitfusion').capacity).toEqual({
      kind: 'bitfusion',
      client: 'bitfusion',
      clientTimeoutMs: 30_000,
      intervalMs: 10_000,
      nodes: 1,
    });
    const env = { CAPACITY_SOURCE: 'bitfusion', CAPACITY_PER_NODE: 'share', NODES: '3' };
    expect(optionsOf('', env).capacity).toMatchObject({ kind: 'bitfusion', nodes: 3 });
  });

  it.each([
    ['--resourceNums 0', /--resourceNums: must be 1 or more/],
    ['--resourceNums 1.5', /--resourceNums: must be a whole number/],
    [
      '--resourceNums many --interval 0',
      /--resourceNums: must be a whole number\n.*--interval: must be 1 or more/,
    ],
    ['--capacitySource pool', /--capacitySource: .*"static"\|"bitfusion"/],
    ['--capacityPerNode share', /goes with --capacitySource bitfusion\n.*needs --nodes/],
    ['--nodes 3', /--nodes is for --capacityPerNode share/],
    ['--healthPort 65536', /--healthPort: must be 0 to 65535/],
    ['--intervall 3', /unknown option '--intervall'/],
    ['--resourceNums 1e16', /--resourceNums: must be a whole number/],
    ['--resourceName= --socketName=', /--resourceName: must not be empty\n.*--socketName: must not be empty/],
    ['--interval 86401', /--interval: must be 86400 or less/],
    ['--capacitySource bitfusion --capacityPerNode share --nodes 0', /--nodes: must be 1 or more/],
    ['--capacitySource bitfusion --capacityPerNode share --nodes 1.5', /--nodes: must be a whole number/],
    ['--healthPort 80.5', /--healthPort: must be a whole number/],
    ['--healthPort=-1', /--healthPort: must be 0 to 65535/],
  ])('wrong usage is said: %s', (args, text) => {
    expect(readCommandLine(args.split(' '), {}, '1.2.3')).toMatchObject({
      kind: 'wrong-usage',
      text: expect.stringMatching(text) as string,
    });
  });

  it('a variable that is wrong is said by its flag', () => {
    expect(readCommandLine([], { RESOURCE_NUMS: 'x' }, '1')).toMatchObject({
      kind: 'wrong-usage',
      text: 'error: --resourceNums: must be a whole number\n',
    });
  });
});
