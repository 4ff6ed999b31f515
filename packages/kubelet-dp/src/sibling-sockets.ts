import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';

import type { Clock } from '@bwki/timing';

import { isServed, socketFileAt, type SocketFile } from './socket-file.ts';
import type { SocketNames } from './socket-name.ts';

/** Longer than any process takes from the making of a socket to listening at it. */
const twiceAfterMs = 50;

/** The sockets that other processes made for the same resource: the last version of a rolling update, say. */
export class SiblingSockets {
  readonly #directory: string;
  readonly #names: SocketNames;

  constructor(directory: string, names: SocketNames) {
    this.#directory = directory;
    this.#names = names;
  }

  /**
   * Removes those that nobody serves any more, which is asked twice: a socket is made before it is listened at.
   * @returns what was removed
   */
  async removeStale(clock: Clock, signal: AbortSignal): Promise<readonly string[]> {
    const unserved = await this.#unserved(await this.#paths());
    if (unserved.length === 0) return [];
    await clock.sleep(twiceAfterMs, signal);
    if (signal.aborted) return [];
    const removed: string[] = [];
    for (const path of await this.#unserved(unserved)) {
      const isRemoved = await unlink(path).then(
        () => true,
        () => false,
      );
      if (isRemoved) removed.push(path);
    }
    return removed;
  }

  /** One that is served and was made after `own`, if there is one. */
  async successorOf(own: SocketFile): Promise<string | undefined> {
    for (const path of await this.#paths()) {
      const file = await socketFileAt(path);
      if (file !== undefined && isNewer(file, own) && (await isServed(path))) return path;
    }
    return undefined;
  }

  async #paths(): Promise<readonly string[]> {
    const names = await readdir(this.#directory).catch(() => []);
    return names.filter((name) => this.#names.isOfSibling(name)).map((name) => join(this.#directory, name));
  }

  async #unserved(paths: readonly string[]): Promise<readonly string[]> {
    const found = await Promise.all(
      paths.map(async (path) =>
        (await socketFileAt(path)) !== undefined && !(await isServed(path)) ? [path] : [],
      ),
    );
    return found.flat();
  }
}

/** File systems count time in steps of some milliseconds. Of two of one step one is the newer in everybody's eyes. */
function isNewer(one: SocketFile, other: SocketFile): boolean {
  return one.madeAt === other.madeAt ? one.path > other.path : one.madeAt > other.madeAt;
}
