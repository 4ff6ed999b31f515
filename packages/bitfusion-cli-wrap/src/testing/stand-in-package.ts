import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { standIn } from './stand-in.ts';

/**
 * Writes the tree that a client's package unpacks to, with the stand-in as its program.
 *
 * @param libraryPath its library directory, relative to `directory`
 */
export async function writeStandInPackage(directory: string, libraryPath: string): Promise<void> {
  await mkdir(join(directory, libraryPath), { recursive: true });
  await writeFile(join(directory, libraryPath, 'README'), 'a stand-in for libraries\n');
  await mkdir(join(directory, 'usr/bin'), { recursive: true });
  await copyFile(standIn, join(directory, 'usr/bin/bitfusion'));
  await chmod(join(directory, 'usr/bin/bitfusion'), 0o755);
}
