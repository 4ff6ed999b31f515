import { cp, mkdir, readdir } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import { join } from 'node:path';

import type { PackagedClient } from '@bwki/spec-parser';

import { runProgram } from './run-program.ts';

/** What a directory of the closed client's packages gave. */
export interface UnpackedClients {
  /** Names of the directories that were made. */
  readonly packages: readonly string[];
  /** Clients of the catalog of which there was no package. */
  readonly missing: readonly PackagedClient[];
}

/**
 * Unpacks every client package of `source` (`.deb`, `.rpm`, or a directory that was unpacked before) into a directory
 * of its own below `target`, under the name that the catalog has for it, else under its own.
 *
 * @param busybox unpacks them, so that a machine of any distribution can
 * @throws where there is none, or one has no `usr/bin/bitfusion`
 */
export async function unpackClients(
  source: string,
  target: string,
  catalog: readonly PackagedClient[],
  busybox: string,
): Promise<UnpackedClients> {
  const packages: string[] = [];
  for (const entry of await clientFiles(source)) {
    const name = catalog.find((client) => isPackageOf(entry.name, client.package))?.package ?? entry.name;
    if (packages.includes(name))
      throw new Error(`${source} has the client ${name} twice: remove one of them`);
    const directory = join(target, name);
    await mkdir(directory, { recursive: true });
    await unpack(entry, directory, busybox);
    const programs = await readdir(join(directory, 'usr/bin')).catch((): string[] => []);
    if (!programs.includes('bitfusion')) {
      throw new Error(`${join(source, entry.name)} is no client package: it has no usr/bin/bitfusion`);
    }
    packages.push(name);
  }
  if (packages.length === 0) {
    throw new Error(`${source} holds no client package: put the client's .deb or .rpm files there`);
  }
  return { packages, missing: catalog.filter((client) => !packages.includes(client.package)) };
}

async function clientFiles(source: string): Promise<Dirent[]> {
  const entries = await readdir(source, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() || /\.(deb|rpm)$/.test(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The catalog has some packages without the end of their files' names. */
function isPackageOf(file: string, name: string): boolean {
  return [name, `${name}.deb`, `${name}_amd64.deb`, `${name}.rpm`, `${name}.x86_64.rpm`].includes(file);
}

async function unpack(entry: Dirent, directory: string, busybox: string): Promise<void> {
  const path = join(entry.parentPath, entry.name);
  if (entry.isDirectory()) {
    await cp(path, directory, { recursive: true, verbatimSymlinks: true });
    return;
  }
  // In one shell, since a pipe's first program may fail unseen.
  const script = path.endsWith('.deb')
    ? '"$0" dpkg-deb -x "$1" "$2"'
    : '"$0" rpm2cpio "$1" >"$2/.cpio" && cd "$2" && "$0" cpio -idm <.cpio && rm .cpio';
  const { ok, stderr } = await runProgram(busybox, ['sh', '-c', script, busybox, path, directory]);
  if (!ok) throw new Error(`${path} cannot be unpacked: ${stderr.trim()}`);
}
