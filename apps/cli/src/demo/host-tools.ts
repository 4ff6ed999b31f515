import { access, constants, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { shellQuote } from '../terminal/shell-quote.ts';
import { writeScript } from './shell-script.ts';

const directories = ['/usr/local/bin', '/usr/bin', '/bin'];

/** What about every image has, and the scripts of the client use where it is there. */
const tools = ['cat', 'cp', 'date', 'env', 'ls', 'mkdir', 'rm', 'sleep'];

const shells = ['sh', 'bash', 'dash', 'ash'];

/** The absolute path of this machine's program of a name; undefined where it has none. */
export async function findOnHost(name: string): Promise<string | undefined> {
  for (const directory of directories) {
    const path = join(directory, name);
    try {
      await access(path, constants.X_OK);
      return path;
    } catch {
      // Not there: the next one may be.
    }
  }
  return undefined;
}

/** Puts shells and a few tools of this machine into a directory, and nothing else of it. */
export async function installHostTools(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const name of tools) {
    const path = await findOnHost(name);
    if (path !== undefined) await symlink(path, join(directory, name));
  }
  for (const name of shells) {
    // A script, since a shell that is one program of many looks at the name it is called by.
    const path = (await findOnHost(name)) ?? '/bin/sh';
    await writeScript(join(directory, name), [`exec ${shellQuote(path)} "$@"`]);
  }
}

export function isShell(path: string): boolean {
  return shells.includes(path.slice(path.lastIndexOf('/') + 1));
}
