import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { inject } from 'vitest';

/** Calls `use` with a directory that is removed afterwards. */
export async function inDirectory<Value>(use: (directory: string) => Promise<Value>): Promise<Value> {
  const { workDirectory } = inject('e2e');
  const directory = await mkdtemp(join(workDirectory, 'directory-'));
  try {
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
