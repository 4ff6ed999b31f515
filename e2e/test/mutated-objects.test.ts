import { isTemplateKind, mutatePodTemplate } from '@bwki/pod-mutator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ApiError, type ApiObject, type Cluster } from '../harness/index.ts';
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

  const reasonFor = async (object: ApiObject): Promise<string | undefined> => {
    try {
      await cluster.api.create(inNamespace(object, namespace), { dryRun: true });
      return undefined;
    } catch (error) {
      if (error instanceof ApiError) return error.message;
      throw error;
    }
  };

  it.each(cases)('%s', async (name, before, after) => {
    const reason = await reasonFor(before);
    if (name.startsWith('example')) expect(reason).toBeUndefined();
    // What was no valid object before is none for the same reason after.
    expect(await reasonFor(after)).toBe(reason);
  });
});
