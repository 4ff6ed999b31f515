import { isTemplateKind, mutatePodTemplate } from '@bwki/pod-mutator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Cluster } from '../harness/index.ts';
import { examples, goldens } from './support/manifests.ts';
import { openCluster } from './support/open-cluster.ts';
import { inNamespace } from './support/pod-in-namespace.ts';

/** Those of Kubernetes' own kinds: the others' types are not in the API server. */
const cases = [...examples(), ...goldens()]
  .filter(({ object }) => isTemplateKind(object) && /^(apps|batch)\/v1$/.test(object.apiVersion))
  .flatMap(({ name, object, policy, imageConfigs }) => {
    const outcome = mutatePodTemplate(object, policy, { imageConfigs });
    return outcome.ok && outcome.value.patch.length > 0
      ? [[name, object, outcome.value.mutatedObject()] as const]
      : [];
  });

describe('B45: what the mutation makes of an object is one to the API server', () => {
  let cluster: Cluster & AsyncDisposable;
  let namespace: string;
  beforeAll(async () => {
    cluster = await openCluster();
    namespace = await cluster.createNamespace('objects');
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  it.each(cases)('%s', async (_name, before, after) => {
    for (const object of [before, after]) {
      const { code } = await cluster.api.create(inNamespace(object, namespace), { dryRun: true });
      expect(code).toBe(201);
    }
  });
});
