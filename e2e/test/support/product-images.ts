import { copyFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { prepareImage, type ImageName } from '@bwki/image-builder';
import { inject } from 'vitest';

import { image } from './open-cluster.ts';
import { toolsOfRun } from './tools-of-run.ts';
import { inDirectory } from './work-directory.ts';

const workspace = join(import.meta.dirname, '../../..');

/** Where the documents say that an administrator's images are: the chart finds them by their full names. */
export const repository = 'registry.example/bitfusion';
const tag = '0.1.0';

/**
 * The archives of all images that the chart names, built as `make build-image` builds them, the client with its
 * stand-in; and of one in the place of registry.k8s.io/kubectl, for `helm test` and `helm uninstall`. The test file's
 * first comment says `@needs images`.
 */
export async function productImages(): Promise<readonly string[]> {
  const nodeBase = 'localhost/bwki/node-base:latest';
  const base = await productImage('node-base', nodeBase);
  const onNode = { bases: [base], buildArguments: { BASE: nodeBase } };
  return [
    await productImage('webhook', `${repository}/bitfusion-webhook:${tag}`, onNode),
    await productImage('device-plugin', `${repository}/bitfusion-device-plugin:${tag}`, onNode),
    await productImage('bitfusion-client', `${repository}/bitfusion-client:${tag}`),
    await kubectlImage(),
  ];
}

interface OnBase {
  readonly bases?: readonly string[];
  readonly buildArguments?: Readonly<Record<string, string>>;
}

function productImage(name: ImageName, reference: string, onBase: OnBase = {}): Promise<string> {
  return inDirectory(async (stagingDirectory) => {
    const prepared = await prepareImage(name, {
      workspace,
      stagingDirectory,
      nodePackage: dirname(createRequire(import.meta.url).resolve('node/package.json')),
      busybox: busybox(),
      clientPackages: undefined,
      log: console.log,
      // The same bytes from the same sources, so that an image is built once.
      ...{ epoch: 0, revision: '', sourceUrl: '' },
    });
    const buildArguments = { ...prepared.buildArguments, ...onBase.buildArguments };
    return image({ ...prepared, ...onBase, name: reference, buildArguments });
  });
}

function kubectlImage(): Promise<string> {
  return inDirectory(async (context) => {
    await copyFile(toolsOfRun('control-plane-1.37').kubectl, join(context, 'kubectl'));
    const containerfile = join(workspace, 'e2e/images/kubectl/Containerfile');
    return image({ name: 'registry.k8s.io/kubectl:v1.37.1', containerfile, context });
  });
}

function busybox(): string {
  const e2e = inject('e2e');
  if (e2e.kind === 'existing' || e2e.busybox === undefined) {
    throw new Error('the first comment of this test file lacks @needs images');
  }
  return e2e.busybox;
}
