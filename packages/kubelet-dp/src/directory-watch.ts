import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';

/** Tells of changes in a directory, which may not exist yet, may go, and may come again. */
export class DirectoryWatch implements Disposable {
  readonly #directory: string;
  readonly #onChange: () => void;
  #watcher: FSWatcher | undefined;
  /** Of the directory that is watched, which a path does not tell. */
  #identity: string | undefined;

  constructor(directory: string, onChange: () => void) {
    this.#directory = directory;
    this.#onChange = onChange;
  }

  /**
   * Watches the directory that is there now: to be called now and then. Where the operating system has no watch left to
   * give, it goes without.
   */
  async follow(): Promise<void> {
    const identity = await stat(this.#directory, { bigint: true }).then(
      ({ dev, ino }) => `${dev}:${ino}`,
      () => undefined,
    );
    if (identity === this.#identity) return;
    this[Symbol.dispose]();
    if (identity === undefined) return;
    try {
      this.#watcher = watch(this.#directory, { persistent: false }, this.#onChange);
      this.#watcher.on('error', () => {
        this[Symbol.dispose]();
      });
      this.#identity = identity;
    } catch {
      this[Symbol.dispose]();
    }
  }

  [Symbol.dispose](): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#identity = undefined;
  }
}
