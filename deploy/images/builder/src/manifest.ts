import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a package says of itself; empty where it says nothing. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** An SPDX expression. */
  readonly license: string;
}

export async function readManifest(directory: string): Promise<Manifest> {
  const manifest = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as Partial<Manifest>;
  const { name = '', version = '', description = '', license = '' } = manifest;
  return { name, version, description, license };
}
