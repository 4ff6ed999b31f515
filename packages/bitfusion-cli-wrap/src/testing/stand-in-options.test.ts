import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shells, StandInWorld } from '../../test/stand-in-world.ts';
import { parseRun } from '../output/run-report.ts';

const world = new StandInWorld();
beforeAll(() => world.prepare());
afterAll(() => {
  world.remove();
});

describe.each(shells)('the stand-in in $name: its options', ({ shell }) => {
  const run = (words: string, options = {}): ReturnType<StandInWorld['run']> =>
    world.run(shell, words.split(' '), options);

  it.each([
    ['run -n 1 -p 0.07 true', 'with 1131 MiB', '0.07'],
    ['run -n=1 -p=.5 true', 'with 8080 MiB', '0.5'],
    ['run --num_gpus 4 --partial=1.00 true', 'GPUs [0 1 2 3] with 16160 MiB', '1'],
    ['run -n1 -m2048 true', 'with 2048 MiB', '0.126732'],
    ['run -n 01 -m 16160 true', 'with 16160 MiB', '1'],
    ['run -n 1 --filter server.addr=10.0.0.1:56001 --filter device.memory>=8000 true', 'with 16160', '1'],
    ['run -n 1 --server_list 10.0.0.7:56001;10.0.0.8:56001 true', 'with 16160', '1'],
  ])('B30: takes %s', (words, requested, partial) => {
    const { stderr, status } = run(words);
    expect(stderr).toContain(requested);
    expect(stderr).toContain(`with partial memory ${partial},`);
    expect(status).toBe(0);
  });

  it.each([
    ['run true', 'required flag(s) "num_gpus" not set'],
    ['run -n 0 true', 'must be a whole number from 1'],
    ['run -n 1.5 true', 'must be a whole number from 1'],
    ['run -n 99999999999999999999 true', 'must be a whole number from 1'],
    ['run -n 5 true', '5 GPUs are requested and the pool has 4'],
    ['run -n 1 -p 0 true', 'must be above 0 and at most 1'],
    ['run -n 1 -p 0.0000001 true', 'must be above 0 and at most 1'],
    ['run -n 1 -p 1.0000001 true', 'must be above 0 and at most 1'],
    ['run -n 1 -p 50% true', 'must be above 0 and at most 1'],
    ['run -n 1 -m 0 true', 'must be 1 to 16160 MiB'],
    ['run -n 1 -m 16161 true', 'must be 1 to 16160 MiB'],
    ['run -n 1 -p 1 -m 1 true', 'flags -p and -m exclude each other'],
    ['run -n 1 --filter x true', "invalid filter 'x'"],
    ['run -n 1 --filter a==b true', "invalid filter 'a==b'"],
    ['run -n 1 --filter =b true', "invalid filter '=b'"],
    ['run -n 1 --gpus 2 true', 'unknown flag: --gpus'],
    ['run -n 1 -x true', "unknown shorthand flag: 'x' in -x"],
    ['run -n', 'flag needs an argument: -n'],
    ['run -n 1', 'no command to run'],
    ['run -n 1 --', 'no command to run'],
    ['client', 'no command to run'],
    ['release_gpus -f /nonexistent', 'open /nonexistent: no such file or directory'],
    ['nonsense', 'unknown command "nonsense" for "bitfusion"'],
  ])('B30: refuses %s', (words, reason) => {
    const { stderr, stdout, status } = run(words);
    expect(stderr).toContain('Error: ');
    expect(stderr).toContain(reason);
    expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
    expect(parseRun(stderr).failure?.code).toBe('OTHER');
  });

  it('§8: the pool is as large as it is told to be', () => {
    expect(run('run -n 5 true', { gpus: 5 }).status).toBe(0);
    expect(run('run -n 1 -m 20000 true', { gpuMemory: 32510 }).status).toBe(0);
  });
});
