import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Calls `use` with an empty directory that is gone afterwards, whatever happens. */
export async function withTemporaryDirectory<T>(use: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(await shortestTemporary(), 'bwki-'));
  try {
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The launcher's first line names a path below it, and systems read only the beginning of such a line. */
async function shortestTemporary(): Promise<string> {
  const usual = tmpdir();
  if (usual.length <= 24) return usual;
  const isDirectory = await stat('/tmp').then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isDirectory ? '/tmp' : usual;
}
