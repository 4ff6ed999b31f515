import { mkdir, readdir, rmdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { poll } from '../poll.ts';

const root = '/sys/fs/cgroup';

/**
 * A cgroup of the name in every hierarchy, below which a kubelet keeps those of its pods: kubelets that share one would
 * take each other's pods for orphans, and kill them. Disposed of when its processes are gone, it is removed.
 */
export async function createCgroup(name: string): Promise<AsyncDisposable> {
  const folders = (await hierarchies()).map((hierarchy) => join(hierarchy, name));
  const remove = async (): Promise<void> => {
    for (const folder of folders) {
      // The kernel lets go of a process' cgroup a moment after the process.
      await poll(() => removeTree(folder), { what: `the cgroup ${folder} to be empty`, within: 5_000 });
    }
  };
  for (const folder of folders) await mkdir(folder, { recursive: true });
  return { [Symbol.asyncDispose]: remove };
}

/** The one of cgroup v2, or those of v1 and what is mounted beside them. */
async function hierarchies(): Promise<readonly string[]> {
  const entries = await readdir(root, { withFileTypes: true });
  if (entries.some(({ name }) => name === 'cgroup.controllers')) return [root];
  // Symbolic links are second names of hierarchies (cpu of cpu,cpuacct).
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(root, entry.name));
}

/** Cgroups are removed as folders, deepest first; their files cannot be. */
async function removeTree(folder: string): Promise<true> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    for (const entry of entries) if (entry.isDirectory()) await removeTree(join(folder, entry.name));
    await rmdir(folder);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
      throw new Error(`${basename(folder)}: ${String(error)}`, { cause: error });
    }
  }
  return true;
}
