/** The manifests of the documents, each by itself. @needs kueue */
import { globSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';

import { ApiError, type ApiObject, type ControlPlane } from '../harness/index.ts';
import { applyDefinitions } from './support/definitions.ts';
import { markdownBlocks } from './support/markdown-blocks.ts';
import { hasOwnControlPlane, ownControlPlane } from './support/open-cluster.ts';
import { toolsOfRun } from './support/tools-of-run.ts';

const root = join(import.meta.dirname, '../..');

/** Those that are whole objects; others are parts of them. */
const manifests = globSync('docs/*.md', { cwd: root })
  .flatMap((path) => markdownBlocks(path).map((block) => ({ path, ...block })))
  .filter(({ language }) => language === 'yaml')
  .flatMap(({ path, text }) =>
    parseAllDocuments(text).map((document) => ({ path, object: document.toJS() as ApiObject })),
  )
  .filter(({ object }) => typeof object.apiVersion === 'string')
  .map(({ path, object }) => [path, object.kind, object.metadata.name ?? '', object] as const);

describe.runIf(hasOwnControlPlane())('the documents', () => {
  let plane: ControlPlane;
  beforeAll(async () => {
    plane = await ownControlPlane();
    await applyDefinitions(plane, toolsOfRun('kueue')['kueue-crds']);
  });
  afterAll(() => plane[Symbol.asyncDispose]());

  it.each(manifests)('%s: an API server takes the %s %s, without an unknown field', async (...manifest) => {
    const object = manifest[3];
    const { namespace } = object.metadata;
    if (namespace !== undefined) {
      await plane.createNamespace(namespace, { exact: true }).catch((error: unknown) => {
        if (!(error instanceof ApiError && error.code === 409)) throw error;
      });
    }
    const command = ['create', '--dry-run=server', '--validate=strict', '--filename=-'];
    const { status, stderr } = await plane.kubectl(command, JSON.stringify(object));
    expect([status, stderr]).toEqual([0, '']);
  });

  it('have manifests of every kind that is told of', () => {
    expect(new Set(manifests.map(([, kind]) => kind))).toEqual(
      new Set([
        'Pod',
        'ResourceQuota',
        'ClusterQueue',
        'ValidatingAdmissionPolicy',
        'ValidatingAdmissionPolicyBinding',
      ]),
    );
  });
});
