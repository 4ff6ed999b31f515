import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { expect, it } from 'vitest';

import { sharedLibraries } from '../src/shared-libraries.ts';
import { stageNodeBase } from '../src/stage-node-base.ts';
import { StagedTree } from '../src/staged-tree.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { workspace } from './workspace.ts';

const nodePackage = dirname(createRequire(import.meta.url).resolve('node/package.json'));
const nodeLicense = join(workspace, 'deploy/images/node-base/LICENSE-node.txt');

it.runIf(process.platform === 'linux')(
  'the Node base has what its Node needs, and nothing of this machine',
  async () => {
    const tree = new StagedTree(temporaryDirectory());
    await stageNodeBase(tree, nodePackage, nodeLicense);
    const libraries = await sharedLibraries(join(tree.root, 'nodejs/bin/node'));
    const loader = libraries.find((path) => path.includes('/ld-linux')) ?? 'none';
    // By its own loader and with its own libraries alone, as in a container.
    const directories = new Set(libraries.map((path) => join(tree.root, dirname(path))));
    const { stdout, stderr } = spawnSync(
      join(tree.root, loader),
      [
        '--inhibit-cache',
        '--library-path',
        [...directories].join(':'),
        join(tree.root, 'nodejs/bin/node'),
        '--version',
      ],
      { encoding: 'utf8', env: {} },
    );
    expect({ stdout, stderr }).toEqual({ stdout: 'v26.10.0\n', stderr: '' });
    for (const path of libraries)
      expect(readFileSync(join(tree.root, path)).subarray(0, 4).toString()).toBe('\x7fELF');
    expect(readFileSync(join(tree.root, 'etc/passwd'), 'utf8')).toContain('nonroot:x:65532:65532:');
    expect(readFileSync(join(tree.root, 'licenses/node.txt'), 'utf8')).toContain('Node.js is licensed');
  },
);

it('a program that is missing is not taken for one without libraries', async () => {
  const program = join(temporaryDirectory(), 'program');
  await expect(sharedLibraries(program)).rejects.toThrow(`ldd ${program}`);
});
