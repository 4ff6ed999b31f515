import { join } from 'node:path';

import { readManifest } from './manifest.ts';
import { stageApp } from './stage-app.ts';
import { stageClient } from './stage-client.ts';
import { stageNodeBase } from './stage-node-base.ts';
import type { StagedTree } from './staged-tree.ts';

/** The parts of this workspace that images are made of. */
export interface ImageSources {
  /** The root of the workspace. */
  readonly workspace: string;
  /** The directory of the npm package `node`. */
  readonly nodePackage: string;
  readonly busybox: string;
  /** The directory of the closed client's packages; undefined: the stand-in. */
  readonly clientPackages: string | undefined;
  readonly log: (line: string) => void;
}

/** The directories of `deploy/images` that have a Containerfile. */
export type ImageName = 'node-base' | 'webhook' | 'device-plugin' | 'bitfusion-client';

/** Puts the files of an image into an empty directory; gives the version of what is in it. */
export async function stageImage(name: ImageName, tree: StagedTree, sources: ImageSources): Promise<string> {
  const { workspace, nodePackage, busybox, clientPackages, log } = sources;
  const license = join(workspace, 'LICENSE');
  const directory = join(workspace, 'deploy/images', name);
  switch (name) {
    case 'node-base':
      await stageNodeBase(tree, nodePackage, join(directory, 'LICENSE-node.txt'));
      return (await readManifest(nodePackage)).version;
    case 'webhook':
    case 'device-plugin': {
      const app = join(workspace, 'apps', name);
      await stageApp(tree, app, license);
      return (await readManifest(app)).version;
    }
    case 'bitfusion-client': {
      const { version } = await readManifest(directory);
      const parts = { scripts: directory, busybox, packages: clientPackages, license, version };
      for (const { os, version: client, package: file } of await stageClient(tree, parts)) {
        log(`bitfusion-client: not in this image: ${os} ${client} (${file})`);
      }
      return version;
    }
  }
}
