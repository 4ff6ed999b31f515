import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env as ambient } from 'node:process';
import { standIn, standInEnvironment, type StandInOptions, standInRoot } from '../src/testing/index.ts';

/** The shells the stand-in is for, as far as this machine has them; `BUSYBOX` names one that is not in `PATH`. */
export const shells: readonly { readonly name: string; readonly shell: readonly string[] }[] = [
  { name: 'dash', shell: ['dash'] },
  { name: 'bash', shell: ['bash'] },
  { name: 'POSIX bash', shell: ['bash', '--posix'] },
  { name: 'busybox sh', shell: [ambient['BUSYBOX'] ?? 'busybox', 'sh'] },
].filter(({ shell: [name = '', ...options] }) => spawnSync(name, [...options, '-c', ':']).status === 0);

/** A root directory with the client's files, and an environment in which the stand-in finds them. */
export class StandInWorld {
  readonly root: string = mkdtempSync(join(tmpdir(), 'stand-in-'));

  async prepare(): Promise<void> {
    await standInRoot({ root: this.root });
  }

  env(options: StandInOptions = {}): Record<string, string> {
    const path = ambient['PATH'] ?? '';
    return {
      PATH: path,
      TMPDIR: this.root,
      ...standInEnvironment({ root: this.root, home: '/root', ...options }),
    };
  }

  /** Runs the stand-in in a shell to its end. */
  run(
    shell: readonly string[],
    argv: readonly string[],
    options: StandInOptions & { readonly input?: string } = {},
  ): SpawnSyncReturns<string> {
    const [name = 'sh', ...flags] = shell;
    const { input = '', ...standInOptions } = options;
    return spawnSync(name, [...flags, standIn, ...argv], {
      env: this.env(standInOptions),
      input,
      encoding: 'utf8',
    });
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }
}
