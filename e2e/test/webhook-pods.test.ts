import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ApiObject, ControlPlane } from '../harness/index.ts';
import { comparablePod } from './support/comparable-pod.ts';
import { examples, goldens } from './support/manifests.ts';
import { mutatedPods } from './support/mutated-pods.ts';
import { hasOwnControlPlane, ownControlPlane } from './support/open-cluster.ts';
import { createServiceAccounts, inNamespace, nameless } from './support/pod-in-namespace.ts';
import {
  examplePolicy,
  startWebhookOn,
  untouchedNamespace,
  type WebhookOnCluster,
} from './support/webhook-on-cluster.ts';

/** The webhook looks into no image. */
const manifests = [...examples(), ...goldens()].filter(({ imageConfigs }) => imageConfigs === undefined);
const cases = manifests.flatMap(mutatedPods);

describe.runIf(hasOwnControlPlane())('webhook: every example and golden as a pod', () => {
  let plane: ControlPlane;
  let onCluster: WebhookOnCluster;
  let namespace: string;

  beforeAll(async () => {
    plane = await ownControlPlane();
    onCluster = await startWebhookOn(plane, { policy: examplePolicy() });
    namespace = await plane.createNamespace('pods');
    await plane.createNamespace(untouchedNamespace, { exact: true });
    const pods = cases.map(({ before }) => before);
    await createServiceAccounts(plane, pods, namespace);
    await createServiceAccounts(plane, pods, untouchedNamespace);
  });
  afterAll(async () => {
    await onCluster[Symbol.asyncDispose]();
    await plane[Symbol.asyncDispose]();
  });

  const create = async (pod: ApiObject, into: string): Promise<ApiObject> =>
    (await plane.api.create(nameless(inNamespace(pod, into)))).body;

  it.each(cases.map((one) => [one.name, one] as const))(
    'B50: %s',
    async (_name, { before, after, manifest }) => {
      onCluster.usePolicy(manifest.policy);
      const created = await create(before, namespace);
      const read = await plane.api.read(created);
      const expected = await create(after, untouchedNamespace);
      expect(comparablePod(read)).toEqual(comparablePod(expected));
    },
  );
});
