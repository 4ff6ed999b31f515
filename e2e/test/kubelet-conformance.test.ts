/** Real kubelets, asked what the fake one of `@bwki/kubelet-dp/testing` is asked. @needs cluster-1.37 cluster-1.24 */
import { conformanceCases } from '@bwki/kubelet-dp/testing';
import { afterAll, beforeAll, describe, it } from 'vitest';

import type { OneNodeCluster } from '../harness/index.ts';
import { kubeletUnderTest } from './support/kubelet-under-test.ts';
import { hasOwnControlPlane, ownCluster } from './support/open-cluster.ts';

describe.runIf(hasOwnControlPlane()).each(['1.37', '1.24'] as const)(
  'B65: the real kubelet %s conforms',
  (version) => {
    let cluster: OneNodeCluster;
    let namespace: string;

    beforeAll(async () => {
      cluster = await ownCluster({ version });
      namespace = await cluster.createNamespace('conformance');
    });
    afterAll(() => cluster[Symbol.asyncDispose]());

    it.each(conformanceCases)(
      '$name',
      ({ run }) => run(kubeletUnderTest(cluster, version, namespace)),
      180_000,
    );
  },
);
