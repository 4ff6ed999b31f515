import { readdir, readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { readManifest } from './manifest.ts';

export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression, as the package's own manifest has it. */
  readonly license: string;
  /** What its authors ask to be handed on: licence and notice files, one after the other; may be empty. */
  readonly licenseText: string;
}

/**
 * The packages that the given module files belong to, in the order of their names: each version once, wherever and
 * however often npm has put it.
 */
export async function packagesOf(modules: readonly string[]): Promise<BundledPackage[]> {
  const directories = new Set(modules.filter((path) => path.startsWith('/')).map(packageDirectory));
  const packages = await Promise.all([...directories].map(readPackage));
  const versions = new Map(packages.map((found) => [`${found.name}@${found.version}`, found]));
  return [...versions].sort(([a], [b]) => compare(a, b)).map(([, found]) => found);
}

/** The nearest directory above with a named package: some have more `package.json` inside, which only say `type`. */
function packageDirectory(path: string): string {
  const inModules = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
  if (inModules !== undefined) return inModules;
  let directory = dirname(path);
  while (!existsSync(join(directory, 'package.json'))) {
    if (directory === dirname(directory)) throw new Error(`${path} belongs to no package`);
    directory = dirname(directory);
  }
  return directory;
}

async function readPackage(directory: string): Promise<BundledPackage> {
  const { name, version, license } = await readManifest(directory);
  const files = (await readdir(directory))
    .filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
    .sort(compare);
  const texts = await Promise.all(files.map((file) => readFile(join(directory, file), 'utf8')));
  return { name, version, license, licenseText: texts.map((text) => text.trim()).join('\n\n') };
}

/** By code units: the same order on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
