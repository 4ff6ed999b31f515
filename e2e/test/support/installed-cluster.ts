import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { inject } from 'vitest';

import { run, type OneNodeCluster, type OneNodeClusterOptions } from '../../harness/index.ts';
import { blockWith } from './markdown-blocks.ts';
import { ownCluster } from './open-cluster.ts';
import { productImages } from './product-images.ts';
import { openUserShell, type UserShell } from './user-shell.ts';
import { inDirectory } from './work-directory.ts';

/** A Kubernetes with a node, and an administrator's shell. */
export interface AdministeredCluster extends AsyncDisposable {
  readonly cluster: OneNodeCluster;
  /** An administrator's shell, in whose folder a token of version 1 is: `TOKEN.tar`. */
  readonly shell: UserShell;
}

/** The commands of docs/install.md, in their order. */
export const installCommands = Object.freeze({
  install: blockWith('docs/install.md', 'make deploy').text,
  token: blockWith('docs/install.md', 'tar -xvf TOKEN.tar').text,
});

/**
 * A cluster that has the images of this project under the names that docs/install.md has, and nothing else. The test
 * file's first comment says `@needs cluster-1.37 images deploy-tools`, 1.37 being the version unless another is given.
 */
export async function clusterBeforeInstall(
  options: Pick<OneNodeClusterOptions, 'version'> = {},
): Promise<AdministeredCluster> {
  await using failed = new AsyncDisposableStack();
  const images = await productImages();
  const cluster = failed.use(await ownCluster(options));
  for (const archive of images) await cluster.loadImage(archive);
  const directory = await mkdtemp(join(inject('e2e').workDirectory, 'administrator-'));
  failed.defer(() => rm(directory, { recursive: true, force: true }));
  const shell = await openUserShell(directory, cluster.kubeconfigPath);
  await writeToken(directory, '1');
  const everything = failed.move();
  return { cluster, shell, [Symbol.asyncDispose]: () => everything.disposeAsync() };
}

/** The same, with everything installed and the token made by the commands of docs/install.md: webhook and device plugin are ready. */
export async function installedCluster(): Promise<AdministeredCluster> {
  await using failed = new AsyncDisposableStack();
  const administered = failed.use(await clusterBeforeInstall());
  await administered.shell.sh(installCommands.install);
  await administered.shell.sh(installCommands.token);
  const everything = failed.move();
  return { ...administered, [Symbol.asyncDispose]: () => everything.disposeAsync() };
}

/** Writes `TOKEN.tar` as vCenter gives it, over one that is there; each of its files has `version` in it. */
export function writeToken(directory: string, version: string): Promise<void> {
  return inDirectory(async (token) => {
    const files = {
      'ca.crt': `certificate ${version}\n`,
      'client.yaml': `authconfig:\n  enabled: true\n  token: token-${version}\n`,
      'servers.conf': `# ${version}\nservers:\n  - addresses:\n      - 192.0.2.1:56001\n`,
    };
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(token, name)), { recursive: true });
      await writeFile(join(token, name), content);
    }
    await run('tar', ['-cf', join(directory, 'TOKEN.tar'), '-C', token, ...Object.keys(files)]);
  });
}
