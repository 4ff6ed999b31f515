import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, readlink, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { lockFile } from '../file-lock.ts';
import { run } from '../run.ts';

export interface ImageOptions {
  /** With its tag: `localhost/busybox:1`. */
  readonly name: string;
  /** The Containerfile's path. It starts `FROM scratch` or from one of `bases`: nothing is fetched. */
  readonly containerfile: string;
  /** The folder that it copies from. */
  readonly context: string;
  /** OCI archives of the images that it starts from, by the names they were built under. */
  readonly bases?: readonly string[];
  readonly buildArguments?: Readonly<Record<string, string>>;
  /** Where archives are kept; outside the tree. */
  readonly cacheDirectory: string;
  /** For buildah's storage while it works; in memory if it can be. */
  readonly workDirectory: string;
}

/** Builds an image by buildah unless the same one was built before; gives the path of its OCI archive. */
export async function buildImage(options: ImageOptions): Promise<string> {
  const archive = join(options.cacheDirectory, 'images', `${await keyOf(options)}.tar`);
  if (await isFile(archive)) return archive;
  await mkdir(dirname(archive), { recursive: true });
  await using held = new AsyncDisposableStack();
  held.use(await lockFile(`${archive}.lock`));
  if (await isFile(archive)) return archive;

  const storage = await mkdtemp(join(options.workDirectory, 'buildah-'));
  held.defer(() => rm(storage, { recursive: true, force: true }));
  const buildah = (...args: readonly string[]): Promise<string> =>
    run('buildah', [
      ...['--root', join(storage, 'root'), '--runroot', join(storage, 'run'), '--storage-driver', 'vfs'],
      ...args,
    ]);
  for (const base of options.bases ?? []) await buildah('pull', '--quiet', `oci-archive:${base}`);
  const settings = Object.entries(options.buildArguments ?? {}).map(
    ([key, value]) => `--build-arg=${key}=${value}`,
  );
  await buildah(
    ...['bud', '--quiet', '--isolation', 'chroot', '--pull-never', '--timestamp', '0'],
    ...settings,
    ...['--tag', options.name, '--file', options.containerfile, options.context],
  );
  const unfinished = `${archive}.unfinished`;
  await rm(unfinished, { force: true });
  // Compressed it would be slower to make and to load, and nobody carries it anywhere.
  await buildah(
    'push',
    '--quiet',
    '--disable-compression',
    options.name,
    `oci-archive:${unfinished}:${options.name}`,
  );
  // A build that broke off is never taken for a whole one.
  await rename(unfinished, archive);
  return archive;
}

/** Of everything that goes into the image. */
async function keyOf(options: ImageOptions): Promise<string> {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([options.name, options.buildArguments ?? {}]));
  for (const file of [options.containerfile, ...(options.bases ?? [])]) hash.update(await readFile(file));
  const entries = await readdir(options.context, { recursive: true, withFileTypes: true });
  const paths = entries.map((entry) => [join(entry.parentPath, entry.name), entry] as const);
  for (const [path, entry] of paths.sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`\0${path.slice(options.context.length)}\0`);
    if (entry.isSymbolicLink()) hash.update(await readlink(path));
    else if (entry.isFile()) hash.update(String((await stat(path)).mode)).update(await readFile(path));
  }
  return hash.digest('hex').slice(0, 24);
}

function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
