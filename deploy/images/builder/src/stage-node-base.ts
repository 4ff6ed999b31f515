import { basename, join } from 'node:path';

import { readManifest } from './manifest.ts';
import { runProgram } from './run-program.ts';
import { sharedLibraries } from './shared-libraries.ts';
import { softwareBill, type Part } from './software-bill.ts';
import type { StagedTree } from './staged-tree.ts';
import { systemPackageOf } from './system-package.ts';

/** The user of distroless images, which the Containerfiles name by this number. */
export const nonRoot = 65_532;

const files = {
  'etc/passwd': [
    'root:x:0:0:root:/root:/sbin/nologin',
    `nonroot:x:${nonRoot}:${nonRoot}:nonroot:/home/nonroot:/sbin/nologin`,
  ],
  'etc/group': ['root:x:0:', `nonroot:x:${nonRoot}:`],
  // Without it the C library would ask for names in no files.
  'etc/nsswitch.conf': ['hosts: files dns'],
};

/**
 * Node and the libraries that it needs, from this machine: a base image without a registry. Node is at the place where
 * distroless images have it.
 *
 * @param nodePackage the directory of the npm package `node`
 * @param nodeLicense Node's own licence, which that package does not carry
 */
export async function stageNodeBase(
  tree: StagedTree,
  nodePackage: string,
  nodeLicense: string,
): Promise<void> {
  const node = join(nodePackage, 'bin/node');
  const { version } = await readManifest(nodePackage);
  await requireNameLookups();
  const parts = new Map<string, Part>();
  for (const library of await sharedLibraries(node)) {
    await tree.copy(library, library, 'program');
    const owner = await systemPackageOf(library);
    const part = owner?.part ?? { kind: 'library', name: basename(library), version: 'unknown' };
    parts.set(part.name, part);
    if (owner !== undefined) await tree.copy(`licenses/${part.name}.txt`, owner.copyrightFile);
  }
  await tree.copy('nodejs/bin/node', node, 'program');
  await tree.copy('licenses/node.txt', nodeLicense);
  for (const [path, lines] of Object.entries(files)) await tree.write(path, `${lines.join('\n')}\n`);
  await tree.write(
    'sbom/node-base.cdx.json',
    softwareBill({ kind: 'application', name: 'node-base', version }, [nodePart(version), ...parts.values()]),
  );
}

function nodePart(version: string): Part {
  return {
    kind: 'application',
    name: 'node',
    version,
    license: 'MIT',
    purl: `pkg:generic/node@${version}`,
    cpe: `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:*:*:*:*`,
  };
}

/** Before 2.34 the C library loads the code that looks up host names at run time, so `ldd` does not name it. */
async function requireNameLookups(): Promise<void> {
  const { stdout } = await runProgram('getconf', ['GNU_LIBC_VERSION']);
  const [, major = '0', minor = '0'] = / (\d+)\.(\d+)/.exec(stdout) ?? [];
  if (Number(major) * 1000 + Number(minor) >= 2034) return;
  throw new Error(
    `the C library of this machine (${stdout.trim() || 'not glibc'}) is not glibc 2.34 or later: ` +
      'give a Node image as NODE_BASE, such as gcr.io/distroless/nodejs26-debian13',
  );
}
