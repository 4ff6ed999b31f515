/** From the first chart of the history to this one, back, and out. @needs cluster-1.37 images deploy-tools */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { objectNames, rbacObjects } from '@bwki/webhook';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { poll, type ApiObject, type OneNodeCluster } from '../harness/index.ts';
import { whilePodsAreCreated } from './support/creation-loop.ts';
import { everyObject } from './support/every-object.ts';
import { packFirstChart } from './support/first-chart.ts';
import {
  clusterBeforeInstall,
  installCommands,
  type AdministeredCluster,
} from './support/installed-cluster.ts';
import { blockWith } from './support/markdown-blocks.ts';
import { hasOwnControlPlane } from './support/open-cluster.ts';
import { repository } from './support/product-images.ts';
import { createTokenPod, printedBy } from './support/token-pod.ts';

/**
 * The first chart starts today's images here, since those of its time are not kept; its roles do not have all the rights
 * that these ask for.
 */
async function grantRightsOfToday(cluster: OneNodeCluster): Promise<readonly ApiObject[]> {
  await cluster.createNamespace(objectNames.namespace, { exact: true });
  const { clusterRole, clusterRoleBinding, role, roleBinding } = rbacObjects({
    tokenSecrets: ['bitfusion-secret'],
    ownCertificates: true,
    resourceOffers: true,
  });
  const created: ApiObject[] = [];
  for (const object of [clusterRole, clusterRoleBinding, role, roleBinding] as unknown[] as ApiObject[]) {
    const { roleRef } = object as { readonly roleRef?: { readonly name: string } };
    const renamed = (name = ''): string => `${name}-of-today`;
    const { body } = await cluster.api.create({
      ...object,
      metadata: { ...object.metadata, name: renamed(object.metadata.name) },
      ...(roleRef === undefined ? {} : { roleRef: { ...roleRef, name: renamed(roleRef.name) } }),
    });
    created.push(body);
  }
  return created;
}

describe.runIf(hasOwnControlPlane())('an upgrade from the first chart of the history', () => {
  let administered: AdministeredCluster;
  let cluster: OneNodeCluster;
  let sh: (text: string) => Promise<string>;
  let namespace: string;
  let before: readonly string[];
  /** What only the first chart needs. */
  let granted: readonly ApiObject[];

  beforeAll(async () => {
    administered = await clusterBeforeInstall();
    ({ cluster } = administered);
    ({ sh } = administered.shell);
    namespace = await cluster.createNamespace('upgrade');
    granted = await grantRightsOfToday(cluster);
    before = await everyObject(cluster);
    const directory = join(administered.shell.directory, 'first-chart');
    await mkdir(directory);
    const chart = await packFirstChart(directory);
    const values = `--set image.repository=${repository} --set totalGpuMemory=16000`;
    await sh(`helm install bwki ${chart} --namespace bwki --create-namespace --wait ${values}`);
    await sh(installCommands.token);
    await poll(() => createTokenPod(cluster, { namespace }), { what: 'a GPU pod', within: 30_000 });
  }, 600_000);
  afterAll(() => administered[Symbol.asyncDispose]());

  async function expectNoRefusal(what: string, command: string): Promise<void> {
    const { admitted, failures } = await whilePodsAreCreated(cluster, namespace, () => sh(command));
    console.log(`${what}: ${admitted} pods admitted, ${failures.length} not`);
    expect(failures).toEqual([]);
    expect(admitted).toBeGreaterThan(5);
  }

  const runsAPod = async (): Promise<ApiObject> => {
    const pod = await createTokenPod(cluster, { namespace });
    expect(await printedBy(cluster, pod)).toMatch(/^# 1\n/);
    return pod;
  };

  it('refuses no pod', async () => {
    await expectNoRefusal('upgrade', installCommands.install);
    await runsAPod();
  }, 300_000);

  it('and neither does the way back', async () => {
    await expectNoRefusal('rollback', `${blockWith('docs/upgrade.md', 'helm rollback').text.trim()} --wait`);
    await runsAPod();
  }, 300_000);

  it('make uninstall refuses none either, and leaves what the document says', async () => {
    await sh(installCommands.install);
    // With these, replicas that end would write again the copies that are being removed.
    for (const object of granted) await cluster.api.remove(object);
    const { failures } = await whilePodsAreCreated(cluster, namespace, () =>
      sh(blockWith('docs/install.md', 'make uninstall').text),
    );
    expect(failures.filter((failure) => !failure.endsWith('not mutated'))).toEqual([]);
    const left = (await everyObject(cluster)).filter((object) => !before.includes(object));
    expect(left).toEqual(['Secret kube-system/bitfusion-secret']);
  }, 300_000);
});
