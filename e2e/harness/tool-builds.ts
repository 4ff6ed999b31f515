import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ToolSet } from './tool-sets.ts';

/** How a set is built. */
export interface ToolBuild {
  /** The folder of its module. */
  readonly directory: string;
  /** For `go build`, without `-o` and the packages. */
  readonly flags: readonly string[];
  /** Changes with every module version, source, flag and platform: builds under one key are interchangeable. */
  readonly key: string;
}

const toolsDirectory = join(import.meta.dirname, '../tools');

export async function toolBuildOf(name: string, set: ToolSet): Promise<ToolBuild> {
  const directory = join(toolsDirectory, set.module);
  const flags = await flagsFor(set, directory);
  const hash = createHash('sha256');
  const files = Object.entries(set.files ?? {}).flatMap(([file, { module, path }]) => [file, module, path]);
  for (const part of [
    ...flags,
    ...Object.entries(set.programs).flat(),
    ...files,
    process.platform,
    process.arch,
  ]) {
    hash.update(`${part}\0`);
  }
  // What is not of the build (a README) does little harm here; a source that is not in the key would.
  for (const file of (await readdir(directory)).sort()) {
    hash.update(`${file}\0`).update(await readFile(join(directory, file)));
  }
  return { directory, flags, key: `${name}-${hash.digest('hex').slice(0, 12)}` };
}

async function flagsFor({ tags = [], linker }: ToolSet, directory: string): Promise<readonly string[]> {
  const settings = linker?.flagsFor(await pinnedVersion(directory, linker.versionOf)) ?? [];
  return [
    '-trimpath',
    ...(tags.length === 0 ? [] : [`-tags=${tags.join(',')}`]),
    `-ldflags=${['-s', '-w', ...settings].join(' ')}`,
  ];
}

/** The version, without the v, at which the `go.mod` in `directory` has `module`. */
async function pinnedVersion(directory: string, module: string): Promise<string> {
  const file = join(directory, 'go.mod');
  const lines = (await readFile(file, 'utf8')).split('\n').map((line) => line.trim().split(/\s+/));
  const version = lines.find(([path]) => path === module)?.[1];
  if (version === undefined) throw new Error(`${file} does not say which ${module} it wants`);
  return version.replace(/^v/, '');
}
