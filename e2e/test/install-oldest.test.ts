/** Everything installed on the oldest Kubernetes that the tests have. @needs cluster-1.24 images deploy-tools */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { poll, type ApiObject, type OneNodeCluster } from '../harness/index.ts';
import { allocatableIs, runBusybox } from './support/busybox-pod.ts';
import { readClientLog } from './support/client-log.ts';
import { gpuPod, isInjected } from './support/gpu-pod.ts';
import {
  clusterBeforeInstall,
  installCommands,
  type AdministeredCluster,
} from './support/installed-cluster.ts';
import { blockWith } from './support/markdown-blocks.ts';
import { hasOwnControlPlane } from './support/open-cluster.ts';
import { createTokenPod, printedBy } from './support/token-pod.ts';
import { loadWorkloadImages } from './support/workload-images.ts';

describe.runIf(hasOwnControlPlane())('Kubernetes 1.24, with everything installed', () => {
  let administered: AdministeredCluster;
  let cluster: OneNodeCluster;
  let sh: (text: string) => Promise<string>;
  let namespace: string;

  beforeAll(async () => {
    administered = await clusterBeforeInstall({ version: '1.24' });
    ({ cluster } = administered);
    ({ sh } = administered.shell);
    await loadWorkloadImages(cluster);
    await sh(installCommands.install);
    await sh(installCommands.token);
    namespace = await cluster.createNamespace('flows');
    await allocatableIs(cluster, 'bitfusion.io/gpu', '1k');
    await poll(async () => (isInjected(await dryRun()) ? true : undefined), {
      what: 'the webhook to be called',
      within: 20_000,
    });
  }, 600_000);
  afterAll(() => administered[Symbol.asyncDispose]());

  const dryRun = async (): Promise<ApiObject> =>
    (await cluster.api.create(gpuPod({ namespace }), { dryRun: true })).body;

  it.each(['mutating', 'validating'])(
    'sends all pods to the %s webhook, which stops nobody',
    async (kind) => {
      const webhooks = await sh(
        `kubectl get ${kind}webhookconfigurations -o jsonpath={.items[*].webhooks[*]}`,
      );
      expect(webhooks).toContain('"failurePolicy":"Ignore"');
      expect(webhooks).not.toContain('matchConditions');
    },
  );

  it('tkgi.md, upgrade.md: a policy for each of both, and the right to use it; and out again', async () => {
    await sh(blockWith('docs/tkgi.md', 'K8S_PLATFORM=tkgi').text);
    const policies = 'kubectl get podsecuritypolicies -o name';
    expect((await sh(policies)).trim().split('\n')).toEqual([
      'podsecuritypolicy.policy/bitfusion-device-plugin',
      'podsecuritypolicy.policy/bitfusion-webhook-deployment',
    ]);
    const may = (account: string, policy: string): Promise<string> =>
      sh(`kubectl auth can-i use podsecuritypolicies/${policy} -q --as=system:serviceaccount:${account} \
        -n ${account.split(':')[0] ?? ''} && echo yes || echo no`);
    const [webhook, plugin] = ['bitfusion-webhook-deployment', 'bitfusion-device-plugin'];
    expect(await may(`bwki:${webhook}`, webhook)).toBe('yes\n');
    expect(await may(`kube-system:${plugin}`, plugin)).toBe('yes\n');
    expect(await may(`bwki:${webhook}`, plugin)).toBe('no\n');

    await sh(blockWith('docs/upgrade.md', 'podSecurityPolicy.enabled=false').text);
    expect(await sh(policies)).toBe('');
  }, 180_000);

  it('runs a pod of mode all: the command by the client, with half of a GPU', async () => {
    const pod = gpuPod({ namespace, name: 'all' });
    const { body } = await cluster.api.create({
      ...pod,
      spec: {
        restartPolicy: 'Never',
        containers: [
          {
            ...(pod['spec'] as { readonly containers: readonly [object] }).containers[0],
            image: 'docker.io/library/ubuntu:20.04',
          },
        ],
      },
    });
    expect(readClientLog(await printedBy(cluster, body))).toMatchObject({
      locked: '1 x 0.5',
      python: ['train.py'],
    });
  }, 180_000);

  it('runs a pod of mode injection, in which the token is', async () => {
    const pod = await createTokenPod(cluster, { namespace });
    expect(await printedBy(cluster, pod)).toMatch(/^# 1\n/);
  }, 180_000);

  it('creates pods unchanged while the webhook is away, as the document says, and others run', async () => {
    await sh('kubectl -n bwki scale deployment/bitfusion-webhook-deployment --replicas=0');
    await poll(async () => (isInjected(await dryRun()) ? undefined : true), {
      what: 'the webhook to be away',
      within: 60_000,
    });
    const other = await runBusybox(cluster, 'true', { name: 'other', namespace });
    await other.reaches('Succeeded');
  }, 180_000);
});
