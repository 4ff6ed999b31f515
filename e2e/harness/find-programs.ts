import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Those of the programs that `directory` has, as executables: each name with its absolute path. */
export async function findPrograms(
  directory: string,
  names: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const found = await Promise.all(
    names.map(async (name) => {
      const file = join(directory, name);
      return (await isExecutable(file)) ? [[name, file] as const] : [];
    }),
  );
  return Object.fromEntries(found.flat());
}

/** The first program of this name in a `PATH`. */
export async function findInPath(name: string, path: string): Promise<string | undefined> {
  for (const directory of path.split(delimiter)) {
    const file = join(directory, name);
    if (await isExecutable(file)) return file;
  }
  return undefined;
}

function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
