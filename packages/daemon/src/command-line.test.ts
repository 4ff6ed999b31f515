import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { type CommandLine, readCommandLine } from './command-line.ts';

const schema = z.object({
  port: z.coerce.number().int('must be a whole number').max(65_535, 'must be 0 to 65535'),
  name: z.string().min(1, 'must not be empty').optional(),
});

function read(...args: readonly string[]): CommandLine<z.infer<typeof schema>> {
  const program = new Command('tried')
    .version('1.2.3', '-V, --version')
    .option('--port <number>', 'where', '80')
    .option('--name <name>', 'who');
  return readCommandLine(program, schema, args);
}

describe('a command line', () => {
  it('gives the values, defaults too', () => {
    expect(read()).toEqual({ kind: 'run', options: { port: 80 } });
    expect(read('--port', '81', '--name', 'x')).toEqual({ kind: 'run', options: { port: 81, name: 'x' } });
  });

  it('tells help and version', () => {
    expect(read('--version')).toEqual({ kind: 'told', text: '1.2.3\n' });
    expect(read('--help')).toMatchObject({ kind: 'told', text: expect.stringMatching(/--port/) as string });
  });

  it.each([
    [
      ['--port', 'x', '--name', ''],
      'error: --port: Invalid input: expected number, received NaN\nerror: --name: must not be empty\n',
    ],
    [['--port', '70000'], 'error: --port: must be 0 to 65535\n'],
    [['--prot', '1'], "error: unknown option '--prot'\n(Did you mean --port?)\n(tried --help tells more)\n"],
    [
      ['more'],
      'error: too many arguments. Expected 0 arguments but got 1: more.\n(tried --help tells more)\n',
    ],
  ])('says all that is wrong: %j', (args, text) => {
    expect(read(...args)).toEqual({ kind: 'wrong-usage', text });
  });

  it('says a fault of several options together without the name of one', () => {
    const program = new Command('tried').option('--name <name>', 'who');
    const never = schema.partial().refine(() => false, 'these do not go together');
    expect(readCommandLine(program, never, [])).toEqual({
      kind: 'wrong-usage',
      text: 'error: these do not go together\n',
    });
  });
});
