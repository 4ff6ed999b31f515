import { join } from 'node:path';

import { writeStandInPackage } from '@bwki/bitfusion-cli-wrap/testing';
import { defaultCatalog, type PackagedClient } from '@bwki/spec-parser';

import { unpackClients, type UnpackedClients } from './client-packages.ts';
import { runProgram } from './run-program.ts';
import { sharedLibraries } from './shared-libraries.ts';
import { softwareBill, type Part } from './software-bill.ts';
import type { StagedTree } from './staged-tree.ts';
import { systemPackageOf } from './system-package.ts';

/** Where the parts of the client image come from. */
export interface ClientSources {
  /** The directory with `populate` and `launcher`. */
  readonly scripts: string;
  /** A static busybox. */
  readonly busybox: string;
  /** The directory of the closed client's packages; undefined: the stand-in in the place of each. */
  readonly packages: string | undefined;
  /** The file with this project's own licence. */
  readonly license: string;
  readonly version: string;
}

/**
 * The client image as populate expects it: its tools in `/bwki`, a directory for each client in `/bitfusion`.
 *
 * @returns clients of the catalog that are not in it
 */
export async function stageClient(
  tree: StagedTree,
  sources: ClientSources,
): Promise<readonly PackagedClient[]> {
  const { scripts, busybox, version } = sources;
  await tree.copy('bwki/populate', join(scripts, 'populate'), 'program');
  await tree.copy('bwki/launcher', join(scripts, 'launcher'));
  if ((await sharedLibraries(busybox)).length > 0) {
    throw new Error(`${busybox} is not static: install busybox-static, or give a static one as BUSYBOX`);
  }
  await tree.copy('bwki/busybox', busybox, 'program');
  await tree.copy('licenses/bwki.txt', sources.license);
  const owner = await systemPackageOf(busybox);
  if (owner !== undefined) await tree.copy('licenses/busybox.txt', owner.copyrightFile);

  const target = await tree.makeDirectory('bitfusion');
  const catalog = defaultCatalog.entries.filter((client) => client.kind === 'package');
  const { packages, missing } =
    sources.packages === undefined
      ? await writeStandIns(target, catalog)
      : await unpackClients(sources.packages, target, catalog, busybox);
  await tree.write(
    'sbom/client-image.cdx.json',
    softwareBill({ kind: 'application', name: '@bwki/client-image', version, license: 'Apache-2.0' }, [
      await busyboxPart(busybox, owner?.part),
      ...packages.map((name) => clientPart(name, catalog, sources.packages === undefined)),
    ]),
  );
  return missing;
}

async function writeStandIns(target: string, catalog: readonly PackagedClient[]): Promise<UnpackedClients> {
  for (const client of catalog) await writeStandInPackage(join(target, client.package), client.libraryPath);
  return { packages: catalog.map((client) => client.package), missing: [] };
}

function clientPart(name: string, catalog: readonly PackagedClient[], isStandIn: boolean): Part {
  const version = catalog.find((client) => client.package === name)?.version ?? 'unknown';
  return isStandIn
    ? { kind: 'application', name: `${name} (stand-in)`, version, license: 'Apache-2.0' }
    : { kind: 'application', name, version };
}

async function busyboxPart(busybox: string, installed: Part | undefined): Promise<Part> {
  const { stdout } = await runProgram(busybox, []);
  const version = /^BusyBox v(\S+)/.exec(stdout)?.[1] ?? 'unknown';
  return { ...(installed ?? { kind: 'application', name: 'busybox', version }), license: 'GPL-2.0-only' };
}
