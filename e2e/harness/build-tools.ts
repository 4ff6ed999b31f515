import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { lockFile } from './file-lock.ts';
import { findFiles, findPrograms } from './find-programs.ts';
import { go } from './go.ts';
import { copyOutOfModules } from './module-files.ts';
import { toolBuildOf, type ToolBuild } from './tool-builds.ts';
import { toolSets, type Toolbox, type ToolSet, type ToolSetName } from './tool-sets.ts';

/** What the search for the programs takes from outside; read from the environment by `main.ts` alone. */
export interface ToolSources {
  /** Where builds are kept: outside the tree, so that a clean checkout finds them again. */
  readonly cacheDirectory: string;
  /** envtest's `KUBEBUILDER_ASSETS`: a folder whose programs of `control-plane-1.37` are used as they are. */
  readonly assetsDirectory?: string | undefined;
  /** For the Go toolchain: `PATH`, `HOME`, `GOPROXY` and the like. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: (line: string) => void;
}

/** The sets of that name, built by the Go toolchain, one after the other, where the cache has no such build yet. */
export async function provideTools(names: readonly ToolSetName[], sources: ToolSources): Promise<Toolbox> {
  const toolbox: Partial<Record<ToolSetName, FoundTools>> = {};
  for (const name of names) {
    const assets = name === 'control-plane-1.37' ? sources.assetsDirectory : undefined;
    toolbox[name] = await provideSet(name, toolSets[name], assets, sources);
  }
  return toolbox;
}

/** Programs and files, by name. */
type FoundTools = Readonly<Record<string, string>>;

async function provideSet(
  name: string,
  set: ToolSet,
  assetsDirectory: string | undefined,
  sources: ToolSources,
): Promise<FoundTools> {
  const names = Object.keys(set.programs);
  const files = Object.keys(set.files ?? {});
  const assets = assetsDirectory === undefined ? {} : await findPrograms(assetsDirectory, names);
  const plan = await toolBuildOf(name, set);
  const directory = join(sources.cacheDirectory, 'tools', plan.key);
  const find = async (): Promise<FoundTools | undefined> => {
    const found = {
      ...(await findFiles(directory, files)),
      ...(await findPrograms(directory, names)),
      ...assets,
    };
    return [...names, ...files].every((name) => found[name] !== undefined) ? found : undefined;
  };
  const cached = await find();
  if (cached !== undefined) return cached;

  await mkdir(dirname(directory), { recursive: true });
  await using held = new AsyncDisposableStack();
  // One build at a time: two sets of one module at once would compile the same packages twice.
  held.use(await lockFile(join(dirname(directory), 'build.lock')));
  // Whoever held the lock before may have built just this.
  const built = await find();
  if (built !== undefined) return built;
  await build(name, set, plan, directory, sources);
  const fresh = await find();
  if (fresh === undefined) throw new Error(`the build left something out: ${directory}`);
  return fresh;
}

/** Builds beside `directory` and renames at the end, so that a build that broke off is never taken for a whole one. */
async function build(
  name: string,
  set: ToolSet,
  plan: ToolBuild,
  directory: string,
  sources: ToolSources,
): Promise<void> {
  sources.log(`building ${name} into ${directory}; the first time takes minutes`);
  const started = Date.now();
  const unfinished = await mkdtemp(`${directory}.unfinished-`);
  try {
    const packages = Object.values(set.programs);
    if (packages.length > 0) {
      const args = ['build', ...plan.flags, '-o', `${unfinished}/`, ...packages];
      await go(args, plan.directory, sources.environment);
    }
    for (const [program, path] of Object.entries(set.programs)) {
      const named = path === '.' ? basename(plan.directory) : nameByGo(path);
      if (named !== program) await rename(join(unfinished, named), join(unfinished, program));
    }
    await copyOutOfModules(set.files ?? {}, plan.directory, unfinished, sources.environment);
    await rm(directory, { recursive: true, force: true });
    await rename(unfinished, directory);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  sources.log(`built in ${Math.round((Date.now() - started) / 1000)} s`);
}

/** How `go build` calls the program of a package: by the last part of its path that is not a major version. */
function nameByGo(path: string): string {
  return basename(path.replace(/\/v\d+$/, ''));
}
