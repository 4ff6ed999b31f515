import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Those of the programs that `directory` has, as executables: each name with its absolute path. */
export function findPrograms(
  directory: string,
  names: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  return findIn(directory, names, constants.X_OK);
}

/** Those of the files and folders that `directory` has: each name with its absolute path. */
export function findFiles(
  directory: string,
  names: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  return findIn(directory, names, constants.F_OK);
}

async function findIn(
  directory: string,
  names: readonly string[],
  mode: number,
): Promise<Readonly<Record<string, string>>> {
  const found = await Promise.all(
    names.map(async (name) => {
      const file = join(directory, name);
      return (await allows(file, mode)) ? [[name, file] as const] : [];
    }),
  );
  return Object.fromEntries(found.flat());
}

/** The first program of this name in a `PATH`. */
export async function findInPath(name: string, path: string): Promise<string | undefined> {
  for (const directory of path.split(delimiter)) {
    const file = join(directory, name);
    if (await allows(file, constants.X_OK)) return file;
  }
  return undefined;
}

function allows(file: string, mode: number): Promise<boolean> {
  return access(file, mode).then(
    () => true,
    () => false,
  );
}
