import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { stageImage, type ImageName, type ImageSources } from './images.ts';
import { StagedTree } from './staged-tree.ts';

/** What an image is stamped with. */
export interface Provenance {
  /** Seconds: the time of the image and of all that is in it. */
  readonly epoch: number;
  /** The commit, and the repository's address; either may be empty. */
  readonly revision: string;
  readonly sourceUrl: string;
}

export interface PrepareOptions extends ImageSources, Provenance {
  /** Where the files of each image are put together; a directory of this function's own. */
  readonly stagingDirectory: string;
}

/** What an engine has to be told. */
export interface PreparedImage {
  readonly containerfile: string;
  readonly context: string;
  /** All but `BASE`, which webhook and device plugin take besides. */
  readonly buildArguments: Readonly<Record<string, string>>;
}

/** Puts the files of an image together, anew each time. */
export async function prepareImage(name: ImageName, options: PrepareOptions): Promise<PreparedImage> {
  const context = join(options.stagingDirectory, name);
  await rm(context, { recursive: true, force: true });
  await mkdir(context, { recursive: true });
  const tree = new StagedTree(context);
  const version = await stageImage(name, tree, options);
  await tree.settle(options.epoch);
  return {
    containerfile: join(options.workspace, 'deploy/images', name, 'Containerfile'),
    context,
    buildArguments: { VERSION: version, REVISION: options.revision, SOURCE: options.sourceUrl },
  };
}
