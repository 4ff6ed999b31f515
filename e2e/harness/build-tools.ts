import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { lockFile } from './file-lock.ts';
import { areComplete, findTools, type ToolBinaries } from './tool-binaries.ts';
import { readToolVersions, toolsModule, type ToolVersions } from './tool-versions.ts';

/** What the search for the programs takes from outside; read from the environment by `main.ts` alone. */
export interface ToolSources {
  /** Where builds are kept: outside the tree, so that a clean checkout finds them again. */
  readonly cacheDirectory: string;
  /** envtest's `KUBEBUILDER_ASSETS`: a folder whose programs are used as they are. */
  readonly assetsDirectory?: string | undefined;
  /** For the Go toolchain: `PATH`, `HOME`, `GOPROXY` and the like. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: (line: string) => void;
}

/**
 * The programs: first those of `assetsDirectory`, the others from the cache, which is filled by the Go toolchain when
 * it has no build of these versions yet.
 */
export async function provideTools(sources: ToolSources): Promise<ToolBinaries> {
  const assets = sources.assetsDirectory === undefined ? {} : await findTools(sources.assetsDirectory);
  if (areComplete(assets)) return assets;
  const versions = await readToolVersions();
  const directory = join(sources.cacheDirectory, 'tools', versions.key);
  const cached = await findTools(directory);
  if (areComplete(cached)) return { ...cached, ...assets };

  await mkdir(join(directory, '..'), { recursive: true });
  await using held = new AsyncDisposableStack();
  held.use(await lockFile(`${directory}.lock`));
  // Whoever held the lock before may have built just this.
  const built = await findTools(directory);
  if (areComplete(built)) return { ...built, ...assets };
  await build(versions, directory, sources);
  const fresh = await findTools(directory);
  if (!areComplete(fresh)) throw new Error(`the build left programs out: ${directory}`);
  return { ...fresh, ...assets };
}

/** Builds beside `directory` and renames at the end, so that a build that broke off is never taken for a whole one. */
async function build(versions: ToolVersions, directory: string, sources: ToolSources): Promise<void> {
  sources.log(
    `building Kubernetes ${versions.kubernetes} and etcd into ${directory}; the first time takes minutes`,
  );
  const started = Date.now();
  const unfinished = await mkdtemp(`${directory}.unfinished-`);
  try {
    await go(['build', ...versions.buildFlags, '-o', unfinished, 'tool'], sources.environment);
    // The module's path ends in `server`, and Go names the program by it.
    await rename(join(unfinished, 'server'), join(unfinished, 'etcd'));
    await rm(directory, { recursive: true, force: true });
    await rename(unfinished, directory);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  sources.log(`built in ${Math.round((Date.now() - started) / 1000)} s`);
}

async function go(args: readonly string[], environment: ToolSources['environment']): Promise<void> {
  // Lowest priority: a build of minutes should not be felt by whoever else uses the machine.
  const child = spawn('nice', ['go', ...args], {
    cwd: toolsModule,
    env: { ...environment, CGO_ENABLED: '0' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  // `nice` answers 127 when the program is not there.
  if (status === 127) throw new Error(missingGo);
  if (status !== 0) throw new Error(`go build ended with ${status ?? 'a signal'}; its messages are above`);
}

const missingGo = [
  'Go is missing: it builds etcd and Kubernetes from tools/go.mod the first time.',
  'Install Go 1.26 or later (https://go.dev/dl), or set KUBEBUILDER_ASSETS to a folder that has',
  'etcd, kube-apiserver, kube-controller-manager and kubectl.',
].join('\n');
