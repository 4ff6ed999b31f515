import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { buildCommand, type Engine } from './engine.ts';
import { stageImage, type ImageName, type ImageSources } from './images.ts';
import { StagedTree } from './staged-tree.ts';

/** The images that a cluster pulls. */
export type ProductImage = Exclude<ImageName, 'node-base'>;

export interface BuildOptions extends ImageSources {
  readonly engine: Engine;
  /** Full names, with their tags. */
  readonly references: Readonly<Record<ProductImage, string>>;
  /** A Node image for the two programs; undefined: one is made of this machine's libraries and npm's Node. */
  readonly nodeBase: string | undefined;
  /** Where the files of the images are put together; a directory of this function's own. */
  readonly stagingDirectory: string;
  /** Seconds: the time of the images and of all that is in them. */
  readonly epoch: number;
  /** The commit, and the repository's address; either may be empty. */
  readonly revision: string;
  readonly sourceUrl: string;
  /** Runs a command to its end with its output shown. @throws where it fails */
  readonly execute: (command: readonly string[]) => Promise<void>;
}

/** Builds the three images, and the base of two of them where none is given. */
export async function buildImages(options: BuildOptions): Promise<void> {
  const nodeBase = options.nodeBase ?? (await buildNodeBase(options));
  await buildImage('webhook', options.references.webhook, options, { BASE: nodeBase });
  await buildImage('device-plugin', options.references['device-plugin'], options, { BASE: nodeBase });
  await buildImage('bitfusion-client', options.references['bitfusion-client'], options);
}

async function buildNodeBase(options: BuildOptions): Promise<string> {
  // Of this machine only: nobody pushes it by this name.
  const reference = 'localhost/bwki/node-base:latest';
  await buildImage('node-base', reference, options);
  return reference;
}

async function buildImage(
  name: ImageName,
  reference: string,
  options: BuildOptions,
  buildArguments: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { engine, epoch, revision, sourceUrl, workspace } = options;
  const context = join(options.stagingDirectory, name);
  await rm(context, { recursive: true, force: true });
  await mkdir(context, { recursive: true });
  const tree = new StagedTree(context);
  const version = await stageImage(name, tree, options);
  await tree.settle(epoch);
  const labels = { VERSION: version, REVISION: revision, SOURCE: sourceUrl };
  await options.execute(
    buildCommand(engine, {
      reference,
      containerfile: join(workspace, 'deploy/images', name, 'Containerfile'),
      context,
      buildArguments: { ...labels, ...buildArguments },
      epoch,
    }),
  );
}
