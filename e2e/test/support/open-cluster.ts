import { randomUUID } from 'node:crypto';

import { inject } from 'vitest';

import {
  buildBaseImages,
  buildImage,
  connectCluster,
  startCluster,
  startControlPlane,
  type BaseImages,
  type Cluster,
  type ControlPlane,
  type ControlPlaneOptions,
  type ImageOptions,
  type OneNodeCluster,
  type OneNodeClusterOptions,
} from '../../harness/index.ts';
import type { E2eContext } from '../../runner/context.ts';

function context(): E2eContext {
  const given = inject('e2e') as E2eContext | undefined;
  if (given === undefined) throw new Error('run these tests by main.ts, which provides what they need');
  return given;
}

/** Whether the run has a control plane of its own, with which everything may be done. */
export function hasOwnControlPlane(): boolean {
  return context().kind === 'own';
}

/** A control plane of the test file's own. */
export function ownControlPlane(
  options: Omit<ControlPlaneOptions, 'tools' | 'workDirectory'> = {},
): Promise<ControlPlane> {
  const given = context();
  if (given.kind === 'existing') throw new Error('this test has to start a control plane of its own');
  return startControlPlane({ ...options, tools: given.tools, workDirectory: given.workDirectory });
}

/**
 * A Kubernetes with a node of the test file's own, which has `localhost/busybox:1`. One at a time, and the file's
 * first comment says `@needs cluster-1.37` or `@needs cluster-1.24`.
 */
export async function ownCluster(
  options: Omit<OneNodeClusterOptions, 'tools' | 'workDirectory' | 'pauseImage'> = {},
): Promise<OneNodeCluster> {
  const given = context();
  if (given.kind === 'existing') throw new Error('this test has to start a cluster of its own');
  const { tools, workDirectory } = given;
  const images = await baseImages();
  const cluster = await startCluster({ ...options, tools, workDirectory, pauseImage: images.pause });
  await cluster.loadImage(images.busybox);
  return cluster;
}

/** The archives of `localhost/busybox:1`, which other images can start from, and of `localhost/pause:1`. */
export function baseImages(): Promise<BaseImages> {
  const given = context();
  if (given.kind === 'existing') throw new Error('this test has to start a cluster of its own');
  const { cacheDirectory, workDirectory, busybox } = given;
  if (busybox === undefined) {
    throw new Error('the first comment of this test file lacks @needs images, or the cluster that it starts');
  }
  return buildBaseImages({ busybox, cacheDirectory, workDirectory });
}

/** Builds an image from files of this machine; the test file's first comment says `@needs images`. */
export function image(options: Omit<ImageOptions, 'cacheDirectory' | 'workDirectory'>): Promise<string> {
  const given = context();
  if (given.kind === 'existing') throw new Error('this test has to start a cluster of its own');
  const { cacheDirectory, workDirectory } = given;
  return buildImage({ ...options, cacheDirectory, workDirectory });
}

/** For tests that only ask the API server: the existing cluster where one is given, else one of our own. */
export async function openCluster(): Promise<Cluster & AsyncDisposable> {
  const given = context();
  if (given.kind === 'own') return ownControlPlane();
  const cluster = connectCluster({
    kubeconfigPath: given.kubeconfigPath,
    kubectl: given.kubectl,
    homeDirectory: given.workDirectory,
    hasControllers: true,
  });
  const namespaces: string[] = [];
  return {
    ...cluster,
    createNamespace(stem, options) {
      // Noted before it is there, so that one which does not get ready is removed too.
      const name = `bwki-e2e-${stem}-${randomUUID().slice(0, 8)}`;
      namespaces.push(name);
      return cluster.createNamespace(name, { ...options, exact: true });
    },
    async [Symbol.asyncDispose]() {
      for (const name of namespaces) {
        await cluster.api.remove({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      }
    },
  };
}
