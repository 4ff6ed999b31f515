/** From the original by the commands of docs/migrate.md, while pods are created. @needs cluster-1.37 images deploy-tools */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { poll, type ApiObject, type OneNodeCluster } from '../harness/index.ts';
import { allocatableIs, runBusybox, type BusyboxPod, type PodStatus } from './support/busybox-pod.ts';
import { whilePodsAreCreated } from './support/creation-loop.ts';
import { everyObject } from './support/every-object.ts';
import { containersOf, gpuPod } from './support/gpu-pod.ts';
import {
  clusterBeforeInstall,
  installCommands,
  type AdministeredCluster,
} from './support/installed-cluster.ts';
import { markdownBlocks } from './support/markdown-blocks.ts';
import { hasOwnControlPlane } from './support/open-cluster.ts';
import { installOriginal, original } from './support/original-installation.ts';
import { createTokenPod, printedBy } from './support/token-pod.ts';

/** The commands of the document's steps, in their order. */
const steps = markdownBlocks('docs/migrate.md').filter(({ heading }) => /^\d\. /.test(heading));

describe.runIf(hasOwnControlPlane())('a cluster with the original', () => {
  let administered: AdministeredCluster;
  let cluster: OneNodeCluster;
  let sh: (text: string) => Promise<string>;
  let namespace: string;
  let running: BusyboxPod;
  let before: PodStatus;

  beforeAll(async () => {
    administered = await clusterBeforeInstall();
    ({ cluster } = administered);
    ({ sh } = administered.shell);
    namespace = await cluster.createNamespace('team');
    await sh(installCommands.token);
    await sh(`kubectl create secret generic bitfusion-secret --from-file=tokens -n ${namespace}`);
    running = await runBusybox(cluster, 'sleep 3600', { name: 'running', namespace });
    await sh(`kubectl -n ${namespace} annotate pod running auto-management/status=injected`);
    before = await running.reaches('Running');
    await installOriginal(cluster);
    await allocatableIs(cluster, 'bitfusion.io/gpu', '1k');
  }, 600_000);
  afterAll(() => administered[Symbol.asyncDispose]());

  const clientImageOfNewPod = async (): Promise<string> => {
    const { body } = await cluster.api.create(gpuPod({ namespace }), { dryRun: true });
    const [populate] = containersOf(body, 'initContainers') as unknown as readonly { image: string }[];
    return populate?.image ?? 'not mutated';
  };
  const labelsOfCopy = async (): Promise<unknown> => {
    const metadata = { name: 'bitfusion-secret', namespace };
    return (await cluster.api.read({ apiVersion: 'v1', kind: 'Secret', metadata })).metadata.labels;
  };

  it('has pods mutated by the original, and a copy of the token without a label', async () => {
    await poll(async () => ((await clientImageOfNewPod()) === original.clientImage ? true : undefined), {
      what: 'the original to mutate',
      within: 20_000,
    });
    expect(await labelsOfCopy()).toBeUndefined();
  });

  it('gets this project without a gap: each pod that is created in the five steps is mutated', async () => {
    expect(new Set(steps.map(({ heading }) => heading)).size).toBe(5);
    const { admitted, failures } = await whilePodsAreCreated(cluster, namespace, async () => {
      for (const { heading, text } of steps) {
        const began = performance.now();
        await sh(text);
        console.log(`${heading}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
      }
    });
    console.log(`${admitted} pods admitted, ${failures.length} not`);
    expect(failures).toEqual([]);
    expect(admitted).toBeGreaterThan(20);
  }, 400_000);

  it('leaves the pod that runs untouched', async () => {
    const { containerStatuses } = await running.status();
    expect(containerStatuses).toEqual(before.containerStatuses);
  });

  it('B52: adopts the copy of the token', async () => {
    expect(await labelsOfCopy()).toMatchObject({ 'bwki.bitfusion.io/token-copy': 'true' });
  });

  it('has new pods mutated and run by this project', async () => {
    expect(await clientImageOfNewPod()).toContain('registry.example/bitfusion/bitfusion-client:');
    await allocatableIs(cluster, 'bitfusion.io/gpu', '1k');
    const pod: ApiObject = await createTokenPod(cluster, { namespace });
    expect(await printedBy(cluster, pod)).toMatch(/^# 1\n/);
  }, 180_000);

  it('has nothing of the original left, and what a fresh installation has', async () => {
    const objects = await everyObject(cluster);
    expect(
      objects.filter((object) => /before-|bwki-webhook-deployment|client-config|cli-device/.test(object)),
    ).toEqual([]);
    expect(await sh('kubectl get configmaps -n bwki')).toMatch(/bwki-webhook-configmap +1 /);
    await sh('kubectl wait --for=delete pods -n bwki -l app=bwki --timeout=60s');
    expect(await sh('kubectl get endpointslices -n bwki -o name')).not.toContain('migration');
    const webhooks = '-o jsonpath={.items[*].webhooks[*].name}{.items[*].webhooks[*].failurePolicy}';
    expect(await sh(`kubectl get mutatingwebhookconfigurations ${webhooks}`)).toBe(
      'mutation.bitfusion.ioFail',
    );
    expect(await sh(`kubectl get validatingwebhookconfigurations ${webhooks}`)).toBe(
      'validation.bitfusion.ioFail',
    );
    expect(await sh('kubectl get secret -n bwki bwki-webhook-certs -o jsonpath={.data}')).not.toContain(
      'cert.pem',
    );
  });

  it('is upgraded as any other', async () => {
    await sh(installCommands.install);
  }, 180_000);
});
