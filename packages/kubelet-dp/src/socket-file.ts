import { lstat } from 'node:fs/promises';
import { connect } from 'node:net';

/** One socket file; a later one at the same path is told from it. */
export interface SocketFile {
  readonly path: string;
  /** File numbers are given anew at once, so the time of its making belongs to it. */
  readonly identity: string;
  /** Nanoseconds of the machine's date. */
  readonly madeAt: bigint;
}

/** Undefined where there is no socket at the path, or none that may be looked at. */
export async function socketFileAt(path: string): Promise<SocketFile | undefined> {
  try {
    const file = await lstat(path, { bigint: true });
    if (!file.isSocket()) return undefined;
    // Some file systems keep no time of birth.
    const madeAt = file.birthtimeNs > 0n ? file.birthtimeNs : file.ctimeNs;
    return { path, identity: `${file.dev}:${file.ino}:${madeAt}`, madeAt };
  } catch {
    return undefined;
  }
}

/** Whether a process listens at the socket. In doubt it does. */
export async function isServed(path: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(path, () => {
    resolve(true);
  });
  socket.once('error', (error: NodeJS.ErrnoException) => {
    resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT');
  });
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}
