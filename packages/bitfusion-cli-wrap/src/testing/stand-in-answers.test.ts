import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shells, StandInWorld } from '../../test/stand-in-world.ts';
import { parseHealth } from '../output/health-report.ts';
import { parseListGpus } from '../output/list-gpus.ts';
import { parsePoolAnswer } from '../output/pool-answer.ts';
import { parseRun } from '../output/run-report.ts';

const world = new StandInWorld();
beforeAll(() => world.prepare());
afterAll(() => {
  world.remove();
});

describe.each(shells)('the stand-in in $name: what it prints', ({ shell }) => {
  const run = (words: string, options = {}): ReturnType<StandInWorld['run']> =>
    world.run(shell, words.split(' '), options);

  it('§8: says on its first line what it is', () => {
    for (const words of ['run -n 1 true', 'list_gpus', 'health', 'version', 'nonsense']) {
      expect(run(words).stderr).toMatch(
        /^This is a stand-in for the Bitfusion client: it reaches no GPU\.\n/,
      );
    }
  });

  it('B30: prints the log of a 4.x client, which the parser reads whole', () => {
    const { stdout, stderr, status } = run('run -n 2 -p 0.7 -- echo a b');
    const report = parseRun(stderr);
    expect(report).toMatchObject({
      requested: [{ gpus: [0, 1], memoryMiB: 11312, serverVersion: '4.5.0-00000000' }],
      locked: { gpus: 2, partial: '0.7' },
      running: { command: 'echo a b', gpus: 2 },
      servers: [{ host: '192.0.2.1', port: 55001, managementPort: 56001 }],
      warnings: [],
      released: true,
      failure: undefined,
    });
    expect(report.lines.map((line) => (line.kind === 'record' ? line.event.kind : line.kind))).toEqual(
      'text claim availability choosing requesting resources server-list idle-timeout locked running server text started releasing released'.split(
        ' ',
      ),
    );
    expect({ stdout, status }).toEqual({ stdout: 'a b\n', status: 0 });
    expect(readdirSync(world.root).filter((name) => name.startsWith('bitfusion'))).toEqual([]);
  });

  it.each([
    ['2.5.0', 'availability choosing requesting locked running server releasing released'],
    [
      '3.0.0',
      'claim availability health-status choosing requesting locked running server releasing released',
    ],
  ])('B30: prints the log of %s', (version, events) => {
    const { lines } = parseRun(run('run -n 1 true', { version }).stderr);
    expect(lines.flatMap((line) => (line.kind === 'record' ? [line.event.kind] : [])).join(' ')).toBe(events);
  });

  it.each(['4.5.0', '2.5.0'])('§8: lists its GPUs as %s does', (version) => {
    const { servers } = parseListGpus(run('list_gpus', { version, gpus: 2, gpuMemory: 1000 }).stdout);
    expect(servers).toMatchObject([
      {
        address: '192.0.2.1:56001',
        gpus: [
          { index: 0, totalMiB: 1000 },
          { index: 1, freeMiB: 1000 },
        ],
      },
    ]);
  });

  it('§8: reports health, locks and releases, runs a client', () => {
    const { machines, lines } = parseHealth(run('health').stdout);
    expect(machines.map(({ server, totals }) => [server, totals.PASS, totals.SKIPPED])).toEqual([
      ['192.0.2.1:56001', 1, 1],
      [undefined, 1, 1],
    ]);
    expect(lines.some(({ kind }) => kind === 'text')).toBe(false);
    expect(parsePoolAnswer(run('request_gpus -n 1 -m 2048').stdout).servers).toEqual(['192.0.2.1:56001']);
    expect(run('release_gpus')).toMatchObject({ stdout: '', status: 0 });
    expect(run('client -- sh -c exit\t4').status).toBe(4);
    expect(run('version').stdout).toBe('Bitfusion version: 4.5.0 (stand-in)\n');
  });

  it('§8: fails as the client does when told to', () => {
    const lost = run('list_gpus', { failure: 'unreachable' });
    expect(parseListGpus(lost.stderr).failure?.code).toBe('NO_SERVER');
    expect(run('run -n 1 true', { failure: 'token-expired' })).toMatchObject({ status: 1, stdout: '' });
    expect(parseRun(run('run -n 1 true', { failure: 'token-expired' }).stderr).failure?.code).toBe(
      'TOKEN_EXPIRED',
    );
  });
});
