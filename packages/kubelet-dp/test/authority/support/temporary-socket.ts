import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporarySocket extends AsyncDisposable {
  readonly path: string;
}

/** A path for a socket in a folder of its own. */
export async function temporarySocket(): Promise<TemporarySocket> {
  const directory = await mkdtemp(join(tmpdir(), 'bwki-authority-'));
  return {
    path: join(directory, 's.sock'),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  };
}
