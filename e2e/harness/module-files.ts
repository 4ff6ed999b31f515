import { chmod, cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { go } from './go.ts';
import type { ModuleFile } from './tool-sets.ts';

/** Copies files of Go modules, at the versions that the `go.mod` in `directory` has, to their names in `target`. */
export async function copyOutOfModules(
  files: Readonly<Record<string, ModuleFile>>,
  directory: string,
  target: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  for (const [name, { module, path }] of Object.entries(files)) {
    // It prints where the module is, having downloaded it if need be.
    const { Dir } = JSON.parse(await go(['mod', 'download', '-json', module], directory, environment)) as {
      Dir: string;
    };
    const copy = join(target, name);
    await cp(join(Dir, path), copy, { recursive: true });
    await makeWritable(copy);
  }
}

/** Go keeps its modules from being written, and a folder that is so could not be removed. */
async function makeWritable(path: string): Promise<void> {
  await chmod(path, 0o755);
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
  }
}
