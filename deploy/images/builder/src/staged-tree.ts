import { chmod, copyFile, lutimes, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A program may be run by everybody; everything may be read by everybody, whoever a container runs as. */
export type FileKind = 'data' | 'program';

const modes = { data: 0o644, program: 0o755 };

/** The directory that becomes an image's files: the whole of its build context. */
export class StagedTree {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  async write(path: string, content: string, kind: FileKind = 'data'): Promise<void> {
    const file = await this.#inDirectory(path);
    await writeFile(file, content);
    await chmod(file, modes[kind]);
  }

  /** Where `source` is a link, what it links to. */
  async copy(path: string, source: string, kind: FileKind = 'data'): Promise<void> {
    const file = await this.#inDirectory(path);
    await copyFile(source, file);
    await chmod(file, modes[kind]);
  }

  async makeDirectory(path: string): Promise<string> {
    const directory = join(this.root, path);
    await mkdir(directory, { recursive: true });
    return directory;
  }

  /**
   * Makes modes and times independent of the umask, the clock and what was copied.
   *
   * @param epoch the time that everything gets, in seconds
   */
  async settle(epoch: number): Promise<void> {
    for (const entry of await readdir(this.root, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isDirectory()) await chmod(path, modes.program);
      else if (entry.isFile()) {
        const { mode } = await stat(path);
        await chmod(path, (mode & 0o100) === 0 ? modes.data : modes.program);
      }
      await lutimes(path, epoch, epoch);
    }
    await chmod(this.root, modes.program);
    await lutimes(this.root, epoch, epoch);
  }

  async #inDirectory(path: string): Promise<string> {
    const file = join(this.root, path);
    await mkdir(dirname(file), { recursive: true });
    return file;
  }
}
