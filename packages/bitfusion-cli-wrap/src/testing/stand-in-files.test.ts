import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shells, StandInWorld } from '../../test/stand-in-world.ts';
import { parseRun } from '../output/run-report.ts';
import { standIn } from './stand-in.ts';

const world = new StandInWorld();
beforeAll(() => world.prepare());
afterAll(() => {
  world.remove();
});

describe.each(shells)('the stand-in in $name: its files', ({ shell }) => {
  const run = (words: string, options = {}): ReturnType<StandInWorld['run']> =>
    world.run(shell, words.split(' '), options);

  it.each([
    ['opt/bitfusion', 'stat /opt/bitfusion: no such file or directory'],
    ['etc/bitfusion/tls/ca.crt', 'open /etc/bitfusion/tls/ca.crt: no such file or directory'],
    ['etc/bitfusion/servers.conf', 'open /etc/bitfusion/servers.conf: no such file or directory'],
    ['root/.bitfusion/client.yaml', 'open /root/.bitfusion/client.yaml: no such file or directory'],
    ['root/.bitfusion/servers.conf', 'none of the servers responded correctly'],
  ])('B40: refuses to start without %s', (path, reason) => {
    const file = join(world.root, path);
    renameSync(file, `${file}.away`);
    const { stderr, stdout, status } = run('run -n 1 -- echo started');
    renameSync(`${file}.away`, file);
    expect(parseRun(stderr).failure?.message).toContain(reason);
    expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
  });

  it('B40: the wording for a servers.conf that cannot be parsed is the client’s', () => {
    const file = join(world.root, 'root/.bitfusion/servers.conf');
    renameSync(file, `${file}.away`);
    const { lines } = parseRun(run('run -n 1 true').stderr);
    renameSync(`${file}.away`, file);
    expect(lines.slice(1)).toMatchObject([
      { event: { kind: 'health-status', server: '' } },
      {
        event: {
          kind: 'file-failed',
          path: '/root/.bitfusion/servers.conf',
          cause: 'open /root/.bitfusion/servers.conf: no such file or directory',
        },
      },
      { failure: { code: 'NO_SERVER' } },
    ]);
  });

  it.each(['authconfig:\n  enabled: true\n', 'authconfig:\n  token: ""\n'])(
    'B40: refuses a client.yaml of %j',
    (text) => {
      const file = join(world.root, 'root/.bitfusion/client.yaml');
      const before = readFileSync(file);
      writeFileSync(file, text);
      expect(parseRun(run('run -n 1 true').stderr).failure?.code).toBe('NO_SERVER');
      writeFileSync(file, before);
    },
  );

  it('B40: the home directory is the one of the environment', () => {
    const [name = 'sh', ...flags] = shell;
    const { BITFUSION_STAND_IN_ROOT: root = '', PATH: path = '' } = world.env();
    const statusIn = (home: string): number | null => {
      const env = { BITFUSION_STAND_IN_ROOT: root, PATH: path, HOME: home };
      return spawnSync(name, [...flags, standIn, 'list_gpus'], { env }).status;
    };
    expect([statusIn('/root'), statusIn('/home/other')]).toEqual([0, 1]);
  });

  it('B40: refuses a file that its user cannot write', () => {
    const asUser = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const file = join(world.root, 'root/.bitfusion/servers.conf');
    chmodSync(world.root, 0o755);
    chmodSync(file, 0o444);
    const [name = 'sh', ...flags] = shell;
    const { stderr } = spawnSync(name, [...flags, standIn, 'list_gpus'], {
      env: world.env(),
      encoding: 'utf8',
      ...asUser,
    });
    chmodSync(file, 0o600);
    expect(stderr).toContain('open /root/.bitfusion/servers.conf: permission denied\n');
    expect(parseRun(stderr).failure?.code).toBe('NO_SERVER');
  });
});
