import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { poll, type ApiObject, type ControlPlane } from '../harness/index.ts';
import { comparablePod } from './support/comparable-pod.ts';
import { examples, goldens } from './support/manifests.ts';
import { mutatedPods, type MutatedPod } from './support/mutated-pods.ts';
import { hasOwnControlPlane, ownControlPlane } from './support/open-cluster.ts';
import { createServiceAccounts, inNamespace, nameless } from './support/pod-in-namespace.ts';
import {
  examplePolicy,
  startWebhookOn,
  untouchedNamespace,
  type WebhookOnCluster,
} from './support/webhook-on-cluster.ts';
import { workloadKinds, workloadOf } from './support/workloads.ts';

const policy = examplePolicy();
/** One policy for all: which of them is in force when a controller makes a pod is not for a test to say. */
const cases = [...examples(), ...goldens()]
  .filter((manifest) => manifest.imageConfigs === undefined)
  .map((manifest) => ({ ...manifest, policy }))
  .flatMap(mutatedPods);

describe.runIf(hasOwnControlPlane())('webhook: every example and golden as a template', () => {
  let plane: ControlPlane;
  let onCluster: WebhookOnCluster;

  beforeAll(async () => {
    plane = await ownControlPlane();
    onCluster = await startWebhookOn(plane, { policy });
    await plane.createNamespace(untouchedNamespace, { exact: true });
    await createServiceAccounts(
      plane,
      cases.map(({ before }) => before),
      untouchedNamespace,
    );
  });
  afterAll(async () => {
    await onCluster[Symbol.asyncDispose]();
    await plane[Symbol.asyncDispose]();
  });

  describe.each(workloadKinds)('in a %s', (kind) => {
    let namespace: string;
    let pods: ReadonlyMap<string, ApiObject>;
    const label = 'e2e-case';
    const workload = ({ before }: MutatedPod, index: number): ApiObject =>
      workloadOf(kind, `case-${index}`, { [label]: `case-${index}` }, before);

    beforeAll(async () => {
      namespace = await plane.createNamespace(kind.toLowerCase());
      await createServiceAccounts(
        plane,
        cases.map(({ before }) => before),
        namespace,
      );
      for (const [index, one] of cases.entries()) {
        await plane.api.create(inNamespace(workload(one, index), namespace));
      }
      pods = await poll(
        async () => {
          const list = await plane.api.list({ apiVersion: 'v1', kind: 'Pod', metadata: { namespace } });
          const found = new Map(list.map((pod) => [pod.metadata.labels?.[label] ?? '', pod]));
          return found.size === cases.length ? found : undefined;
        },
        { what: `a pod of each ${kind}`, within: 60_000, every: 250 },
      );
    });

    it.each(cases.map((one, index) => [one.name, one, index] as const))(
      'B50: %s',
      async (_name, { after, before }, index) => {
        const pod = pods.get(`case-${index}`);
        if (pod === undefined) throw new Error('the controller made no pod');
        expect(pod.metadata.ownerReferences).toHaveLength(1);
        const template = workloadOf(kind, 'expected', {}, before);
        const expected = await plane.api.create(
          nameless(inNamespace(podLike(after, template), untouchedNamespace)),
          { dryRun: true },
        );
        expect(comparablePod(withoutHost(pod))).toEqual(comparablePod(expected.body));
      },
    );
  });
});

/** The mutated pod under the restart policy that the kind of workload made necessary. */
function podLike(after: ApiObject, workload: ApiObject): ApiObject {
  const { template } = workload['spec'] as {
    readonly template: { readonly spec: { restartPolicy?: string } };
  };
  return { ...after, spec: { ...(after['spec'] as object), restartPolicy: template.spec.restartPolicy } };
}

/** What a StatefulSet gives each of its pods. */
function withoutHost(pod: ApiObject): ApiObject {
  const spec = Object.entries(pod['spec'] as object).filter(
    ([name]) => name !== 'hostname' && name !== 'subdomain',
  );
  return { ...pod, spec: Object.fromEntries(spec) };
}
