import { existsSync } from 'node:fs';

import { sharedLibraries } from '../src/shared-libraries.ts';

/** A static busybox of this machine (Debian's package busybox-static); undefined where it has none. */
export async function staticBusybox(): Promise<string | undefined> {
  for (const path of ['/bin/busybox', '/usr/bin/busybox', '/usr/local/bin/busybox']) {
    if (existsSync(path) && (await sharedLibraries(path)).length === 0) return path;
  }
  return undefined;
}
