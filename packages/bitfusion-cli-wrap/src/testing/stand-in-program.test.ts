import { spawn, spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shells, StandInWorld } from '../../test/stand-in-world.ts';
import { parseRun } from '../output/run-report.ts';
import { runArgv } from '../command-line/run-argv.ts';
import { standIn } from './stand-in.ts';

const world = new StandInWorld();
beforeAll(() => world.prepare());
afterAll(() => {
  world.remove();
});

/** Prints every argument in hexadecimal, one a line. */
const printArguments = `for a; do printf %s "$a" | od -An -v -tx1 | tr -d ' \\n'; echo; done`;

describe.each(shells)('the stand-in in $name: the program', ({ shell }) => {
  const run = (words: string, options = {}): ReturnType<StandInWorld['run']> =>
    world.run(shell, words.split(' '), options);

  it('B30: gives the program exactly its arguments', () => {
    const texts = [
      '',
      ' ',
      '-n',
      '--',
      'a  b',
      '$HOME',
      '`x`',
      "'",
      '"',
      '\\',
      '*',
      'é\u{1f600}',
      'a\nb\n',
      '=',
      'A=1',
    ];
    const argument = fc.oneof(
      fc.constantFrom(...texts),
      fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '').toWellFormed()),
    );
    fc.assert(
      fc.property(fc.array(argument, { maxLength: 5 }), (args) => {
        const command = ['sh', '-c', printArguments, 'sh', ...args];
        const [, ...argv] = runArgv({ binary: standIn, amount: '1', command });
        const { stdout } = world.run(shell, argv);
        expect(stdout.split('\n').slice(0, -1)).toEqual(args.map((arg) => Buffer.from(arg).toString('hex')));
      }),
      { numRuns: 12 },
    );
  });

  it('B30: runs one word with blanks in a shell, and programs that are named like builtins', () => {
    expect(world.run(shell, ['run', '-n', '1', 'echo a  b; exit 3'])).toMatchObject({
      stdout: 'a b\n',
      status: 3,
    });
    expect(world.run(shell, ['run', '-n', '1', 'bfsi_fail']).status).toBe(127);
    expect(world.run(shell, ['run', '-n', '1', '--', 'printf', '%s', '-e']).stdout).toBe('-e');
    expect(
      world.run(shell, ['run', '-n', '1', '-p', '1', 'sh', '-c', 'echo "$0 $#"', 'a b', '-p']),
    ).toMatchObject({ stdout: 'a b 1\n' });
  });

  it('§8: passes standard input on, and leaves the environment alone', () => {
    expect(run('run -n 1 -- cat', { input: 'in\n' }).stdout).toBe('in\n');
    const [name = 'sh', ...flags] = shell;
    const env = { ...world.env(), child: 'a', code: 'b', memory: 'c', IFS: 'x' };
    const { stdout } = spawnSync(
      name,
      [...flags, standIn, 'run', '-n', '1', 'sh', '-c', 'echo $child $code $memory; env'],
      { env, encoding: 'utf8' },
    );
    expect(stdout).toMatch(/^a b c\n/);
    expect(stdout).not.toContain('bfsi_');
  });

  it.each([
    ['true', 0],
    ['false', 1],
    ['sh -c exit\t7', 7],
    ['/nonexistent', 127],
    ['/etc', 126],
  ])('§8: passes on the exit code of %s, and releases', (program, status) => {
    const ran = world.run(shell, ['run', '-n', '1', '--', ...program.split(' ')]);
    expect(ran.status).toBe(status);
    expect(parseRun(ran.stderr).released).toBe(true);
  });

  it.each(['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGTERM'] as const)(
    '§8: passes %s to the program, waits for it and releases',
    async (signal) => {
      const number = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGUSR1: 10, SIGUSR2: 12, SIGALRM: 14, SIGTERM: 15 }[
        signal
      ];
      const short = signal.slice(3);
      const handling = await signalled(
        `trap 'sleep 0.1; echo got; exit 5' ${short}; echo ready; while :; do sleep 0.02; done`,
        signal,
      );
      expect(handling).toMatchObject({ stdout: 'ready\ngot\n', code: 5 });
      const dying = await signalled('ulimit -c 0; echo ready; exec sleep 9', signal);
      expect(dying).toMatchObject({ stdout: 'ready\n', code: 128 + number });
      expect(parseRun(dying.stderr).released).toBe(true);
    },
  );

  /** Runs a program and sends the stand-in a signal once it says that it is ready. */
  function signalled(
    text: string,
    signal: NodeJS.Signals,
  ): Promise<{ stdout: string; stderr: string; code: number | null }> {
    const [name = 'sh', ...flags] = shell;
    const child = spawn(name, [...flags, standIn, 'run', '-n', '1', '--', 'sh', '-c', text], {
      env: world.env(),
    });
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => {
      // Time for what follows the word: a shell that is about to `exec` may ignore signals of its own.
      if (output.stdout === '') setTimeout(() => child.kill(signal), 50);
      output.stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
    return new Promise((resolve) => {
      child.on('close', (code) => {
        resolve({ ...output, code });
      });
    });
  }
});
