import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { defaultCatalog } from '@bwki/spec-parser';
import { describe, expect, it } from 'vitest';

import { stageClient } from '../src/stage-client.ts';
import { StagedTree } from '../src/staged-tree.ts';
import { staticBusybox } from './busybox.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { license, workspace } from './workspace.ts';

const busybox = await staticBusybox();
const clients = defaultCatalog.entries.filter((client) => client.kind === 'package');

async function stagedClients(program = busybox ?? ''): Promise<StagedTree> {
  const tree = new StagedTree(temporaryDirectory());
  const scripts = join(workspace, 'deploy/images/bitfusion-client');
  await stageClient(tree, { scripts, busybox: program, packages: undefined, license, version: '0.1.0' });
  await tree.settle(0);
  return tree;
}

describe.runIf(busybox !== undefined)('the client image with the stand-in', () => {
  it('B39: has a directory for each client of the catalog, and the tools', async () => {
    const { root } = await stagedClients();
    expect(readdirSync(join(root, 'bitfusion'))).toEqual(clients.map((client) => client.package).sort());
    expect(readdirSync(join(root, 'bwki'))).toEqual(['busybox', 'launcher', 'populate']);
    const { components } = JSON.parse(readFileSync(join(root, 'sbom/client-image.cdx.json'), 'utf8')) as {
      components: readonly { readonly name: string }[];
    };
    expect(components.map(({ name }) => name)).toContain(`${clients[0]?.package ?? ''} (stand-in)`);
    expect(components).toHaveLength(clients.length + 1);
  });

  it.each(clients)('B39: populate finds $os $version in it, and its library directory', async (client) => {
    const { root } = await stagedClients();
    const volume = temporaryDirectory();
    const args = [
      `--package=${client.package}`,
      `--library-path=${client.libraryPath}`,
      `--volume=${volume}`,
    ];
    const run = spawnSync(
      join(root, 'bwki/busybox'),
      ['sh', join(root, 'bwki/populate'), `--source=${join(root, 'bitfusion')}`, ...args],
      { encoding: 'utf8' },
    );
    expect(run).toMatchObject({ stderr: '', status: 0 });
    const launcher = readFileSync(join(volume, 'bin/bitfusion'), 'utf8');
    expect(launcher).toContain(`bwki_library=/bitfusion/${client.package}/${client.libraryPath}\n`);
  });
});

it('a busybox that needs libraries is refused: the image has none', async () => {
  await expect(stagedClients(process.execPath)).rejects.toThrow('is not static');
});

it('files get modes and times that do not depend on how they came', async () => {
  const tree = new StagedTree(temporaryDirectory());
  mkdirSync(join(tree.root, 'closed/inside'), { recursive: true, mode: 0o700 });
  writeFileSync(join(tree.root, 'closed/inside/program'), '', { mode: 0o700 });
  writeFileSync(join(tree.root, 'closed/inside/data'), '', { mode: 0o600 });
  await tree.settle(1_700_000_000);
  const { stdout } = spawnSync('find', ['.', '-printf', '%m %T@ %p\n'], { cwd: tree.root, encoding: 'utf8' });
  expect(stdout.trim().split('\n').sort()).toEqual([
    '644 1700000000.0000000000 ./closed/inside/data',
    ...['.', './closed', './closed/inside', './closed/inside/program'].map(
      (path) => `755 1700000000.0000000000 ${path}`,
    ),
  ]);
});
