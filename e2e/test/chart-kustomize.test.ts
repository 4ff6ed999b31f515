/** @needs deploy-tools */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  baseKubernetes,
  kustomizeDirectory,
  nameOf,
  readManifests,
  renderChart,
  tkgiKubernetes,
  withoutHelm,
  writtenFiles,
  type Manifest,
} from '@bwki/manifests';
import { describe, expect, it } from 'vitest';

import { run } from '../harness/index.ts';
import { deployTools } from './support/deploy-tools.ts';
import { hasOwnControlPlane } from './support/open-cluster.ts';

function byName(manifests: readonly Manifest[]): Readonly<Record<string, Manifest>> {
  const named = manifests.map((manifest) => [nameOf(manifest), withoutHelm(manifest)] as const);
  return Object.fromEntries(named.sort(([a], [b]) => a.localeCompare(b)));
}

describe.runIf(hasOwnControlPlane())('kustomize', () => {
  it('has the files that make manifests would write', async () => {
    for (const { path, text } of await writtenFiles(deployTools().helm)) {
      expect(await readFile(path, 'utf8'), `${path}: run make manifests`).toBe(text);
    }
  });

  it.each([
    ['tkgi', tkgiKubernetes],
    ['cert-manager', baseKubernetes],
    ['dev', baseKubernetes],
  ])('makes of the overlay %s what the chart makes of its values', async (overlay, kubernetes) => {
    const { helm, kustomize } = deployTools();
    const directory = join(kustomizeDirectory, 'overlays', overlay);
    const built = readManifests(await run(kustomize, ['build', directory]));
    const valuesFiles = [join(directory, 'chart-values.yaml')];
    const rendered = await renderChart({ helm, kubernetes, valuesFiles });
    const ours = byName(built.filter(({ kind }) => kind !== 'Namespace'));
    expect(ours).toEqual(byName(rendered));
    expect(built.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.labels)).toEqual([
      { 'pod-security.kubernetes.io/enforce': 'restricted' },
    ]);
  });
});
