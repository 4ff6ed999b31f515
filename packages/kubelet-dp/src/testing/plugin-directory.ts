import { lstat, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { KubeletBehaviour } from './kubelet-versions.ts';

export const kubeletSocketName = 'kubelet.sock';
const checkpointName = 'kubelet_internal_checkpoint';

/** Makes the directory if need be and removes what the kubelet removes at its start. */
export async function cleanDirectory(directory: string, wipes: KubeletBehaviour['wipes']): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o750 });
  for (const name of await readdir(directory)) {
    if (name === checkpointName) continue;
    const path = join(directory, name);
    const found = await lstat(path).catch(() => undefined);
    if (found === undefined || found.isDirectory()) continue;
    if (wipes === 'files' || found.isSocket()) await rm(path, { force: true });
  }
  // Of use to nobody any more, but a plugin that watches the directory meets it.
  await writeFile(join(directory, 'DEPRECATION'), '');
}

/**
 * Gives `kubelet.sock` to a server by `listen`, which is told another path. Node removes a server's socket by the path
 * it listened on, when it is closed; the kubelet leaves its own behind when it ends.
 */
export async function takeSocket(
  directory: string,
  listen: (path: string) => Promise<unknown>,
): Promise<void> {
  const temporary = join(directory, `.${kubeletSocketName}`);
  await listen(temporary);
  await rename(temporary, join(directory, kubeletSocketName));
}
