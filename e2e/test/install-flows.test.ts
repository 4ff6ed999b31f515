/** Everything installed as docs/install.md says, on a cluster with a node. @needs cluster-1.37 images deploy-tools */
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { poll, type ApiObject, type OneNodeCluster } from '../harness/index.ts';
import { allocatableIs } from './support/busybox-pod.ts';
import { logOf } from './support/finished-pods.ts';
import { gpuPod } from './support/gpu-pod.ts';
import {
  clusterBeforeInstall,
  installCommands,
  writeToken,
  type AdministeredCluster,
} from './support/installed-cluster.ts';
import { blockWith } from './support/markdown-blocks.ts';
import { hasOwnControlPlane } from './support/open-cluster.ts';
import { repository } from './support/product-images.ts';
import { workingSets } from './support/working-set.ts';
import { loadWorkloadImages } from './support/workload-images.ts';

const image = 'docker.io/library/python:3.12';

describe.runIf(hasOwnControlPlane())('everything, installed by the commands of docs/install.md', () => {
  let administered: AdministeredCluster;
  let cluster: OneNodeCluster;
  let sh: AdministeredCluster['shell']['sh'];

  beforeAll(async () => {
    administered = await clusterBeforeInstall();
    ({
      cluster,
      shell: { sh },
    } = administered);
  }, 900_000);
  afterAll(() => administered[Symbol.asyncDispose]());

  it('is ready when Helm has waited for it, and the node has its units', async () => {
    const started = performance.now();
    await sh(installCommands.install);
    console.log(`installed after ${((performance.now() - started) / 1000).toFixed(1)} s`);
    const pods = 'kubectl get pods --no-headers';
    expect(await sh(`${pods} -n bwki`)).toMatch(
      /^(bitfusion-webhook-deployment-\S+ +1\/1 +Running .*\n){2}$/,
    );
    expect(await sh(`${pods} -n kube-system`)).toMatch(/^bitfusion-device-plugin-\S+ +1\/1 +Running .*\n$/);
    // The kubelet tells of a plugin with its next status, a moment after the plugin is ready.
    await allocatableIs(cluster, 'bitfusion.io/gpu', '1k');
    for (const namespace of ['bwki', 'kube-system']) {
      for (const pod of await cluster.api.list({ apiVersion: 'v1', kind: 'Pod', metadata: { namespace } })) {
        console.log(`${pod.metadata.name ?? ''} ready ${secondsToReady(pod)} s after it was scheduled`);
      }
    }
  }, 300_000);

  it.each([
    ['configmap -n bwki', /^bwki-webhook-configmap +1 /m],
    ['serviceaccount -n bwki', /^bitfusion-webhook-deployment /m],
    ['service -n bwki', /^bwki-webhook-svc +ClusterIP +\S+ +<none> +443\/TCP /m],
    ['validatingwebhookconfiguration', /^validation\.bitfusion\.io-cfg /m],
    ['mutatingwebhookconfiguration', /^bwki-webhook-cfg /m],
    ['daemonset -n kube-system', /^bitfusion-device-plugin +1 +1 +1 /m],
  ])('is what the original’s documents look at: kubectl get %s', async (what, expected) => {
    expect(await sh(`kubectl get ${what}`)).toMatch(expected);
  });

  it('answers helm test', async () => {
    await sh(installCommands.token);
    expect(await sh('helm test bwki -n bwki --logs')).toContain('units:50');
  }, 120_000);

  it('has no pod in its namespace that Pod Security “restricted” minds', async () => {
    const label = 'kubectl label namespace bwki pod-security.kubernetes.io/enforce=restricted --overwrite';
    expect(await sh('kubectl get namespace bwki --show-labels')).toContain('enforce=restricted');
    // Pods that are there already are judged when the label comes.
    await sh('kubectl label namespace bwki pod-security.kubernetes.io/enforce-');
    expect((await administered.shell.run(label)).stderr).toBe('');
    await sh('kubectl rollout restart deployment bitfusion-webhook-deployment -n bwki');
    await sh('kubectl rollout status deployment bitfusion-webhook-deployment -n bwki --timeout=120s');
  }, 180_000);

  it('has a device plugin that “restricted” minds for its one folder of the node and its user', async () => {
    const label = 'pod-security.kubernetes.io/enforce=restricted';
    const { stderr } = await administered.shell.run(
      `kubectl label namespace kube-system ${label} --dry-run=server`,
    );
    const [, faults] = /Warning: bitfusion-device-plugin-\S+: (.*)/.exec(stderr) ?? [];
    expect(faults).toBe('restricted volume types, runAsNonRoot != true, runAsUser=0');
  });

  it.each([
    ['pods -n bwki -l app=bitfusion-webhook', '65532'],
    ['pods -n kube-system -l app=bitfusion-device-plugin', '0'],
  ])('runs %s without a capability, a writable root, or a way to more', async (pods, user) => {
    const [name] = (await sh(`kubectl get ${pods} -o jsonpath='{.items[*].metadata.name}'`)).split(' ');
    const exec = `kubectl exec ${pods.split(' -l ')[0]?.replace('pods ', '') ?? ''} ${name ?? ''} -- node -p`;
    const status = await sh(`${exec} "fs.readFileSync('/proc/1/status', 'utf8')"`);
    const field = (of: string): string | undefined => new RegExp(`^${of}:\\s+(\\S+)`, 'm').exec(status)?.[1];
    expect(['Uid', 'CapEff', 'CapBnd', 'NoNewPrivs', 'Seccomp'].map(field)).toEqual([
      user,
      ...['0000000000000000', '0000000000000000', '1'],
      // A filter.
      '2',
    ]);
    const { stderr } = await administered.shell.run(`${exec} "fs.writeFileSync('/app/written', '')"`);
    expect(stderr).toContain('EROFS');
  });

  describe('a pod with a GPU', () => {
    let namespace: string;
    beforeAll(async () => {
      await loadWorkloadImages(cluster);
      namespace = await cluster.createNamespace('token');
    });

    /** Two containers of different users; `with` asks for a GPU, `without` for nothing. */
    async function createPod(name: string, script: string): Promise<ApiObject> {
      const home = '/home/app';
      const container = (of: string, user: number, limits = {}): object => ({
        ...{ name: of, image, command: ['sh', '-c', script], resources: { limits } },
        securityContext: { runAsUser: user, runAsGroup: user, runAsNonRoot: true },
        env: [{ name: 'HOME', value: home }],
      });
      const annotations = { 'auto-management/bitfusion': 'injection', 'bitfusion-client/home': home };
      const half = { 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu-percent': '10' };
      const { body } = await cluster.api.create({
        ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, annotations } },
        spec: {
          ...{ restartPolicy: 'Never', automountServiceAccountToken: false },
          containers: [container('with', 1000, half), container('without', 1000)],
        },
      });
      return body;
    }

    it('has the token for the container that asked, whose user is not root, and for no other', async () => {
      const script =
        'stat -c "%a %u" $HOME/.bitfusion/client.yaml; grep -rl "token: token-" /home /etc /bitfusion /run; true';
      const pod = await createPod('who', script);
      expect(await logOf(cluster, pod, { container: 'with' })).toBe(
        '600 1000\n/home/app/.bitfusion/client.yaml\n',
      );
      const without = await logOf(cluster, pod, { container: 'without' });
      expect(without).toContain("can't stat '/home/app/.bitfusion/client.yaml'");
      expect(without).not.toMatch(/^\//m);
    }, 180_000);

    it('has the new token within 5 s of the commands that replace it', async () => {
      const { sh: run, directory } = administered.shell;
      await writeToken(directory, '2');
      await run('tar -xf TOKEN.tar -C tokens');
      await run(blockWith('docs/troubleshooting.md', 'kubectl delete secret -n kube-system').text);
      await sleep(5000);
      const pod = await createPod('after', 'cat $HOME/.bitfusion/client.yaml; true');
      expect(await logOf(cluster, pod, { container: 'with' })).toContain('token: token-2');
    }, 180_000);
  });

  it('stays within its requests for memory, at rest and after a thousand pods', async () => {
    const figures = async (): Promise<Readonly<Record<string, readonly number[]>>> => ({
      webhook: await workingSets(cluster, 'bitfusion-webhook-deployment'),
      plugin: await workingSets(cluster, 'bitfusion-device-plugin'),
    });
    console.log('MB at rest:', JSON.stringify(await figures()));
    const namespace = await cluster.createNamespace('load');
    let created = 0;
    const create = async (): Promise<void> => {
      while (created++ < 1000) await cluster.api.create(gpuPod({ namespace }), { dryRun: true });
    };
    await Promise.all(Array.from({ length: 16 }, create));
    const loaded = await poll(
      async () => {
        const now = await figures();
        return now['webhook']?.length === 2 ? now : undefined;
      },
      { what: 'the figures of two replicas', within: 30_000 },
    );
    console.log('MB after 1000 pods:', JSON.stringify(loaded));
    // 128 Mi and 64 Mi.
    for (const megabytes of loaded['webhook'] ?? []) expect(megabytes).toBeLessThan(134);
    for (const megabytes of loaded['plugin'] ?? []) expect(megabytes).toBeLessThan(67);
  }, 180_000);

  // Last, since a kubelet tells of its images every 30 s.
  it('is of the three images', async () => {
    const own = async (): Promise<readonly string[]> => {
      const reference = { apiVersion: 'v1', kind: 'Node', metadata: { name: cluster.nodeName } };
      const { images } = (await cluster.api.read(reference))['status'] as {
        readonly images: readonly { readonly names: readonly string[] }[];
      };
      return images.flatMap(({ names }) => names).filter((name) => name.startsWith(`${repository}/`));
    };
    const images = await poll(
      async () => {
        const found = await own();
        return found.length > 0 ? found : undefined;
      },
      { what: 'the node to name its images', within: 60_000 },
    );
    expect(images.toSorted()).toEqual(
      ['client', 'device-plugin', 'webhook'].map((name) => `${repository}/bitfusion-${name}:0.1.0`),
    );
  }, 90_000);
});

/** The API has whole seconds. */
function secondsToReady({ status }: ApiObject): number {
  const { conditions } = status as {
    readonly conditions: readonly { readonly type: string; readonly lastTransitionTime: string }[];
  };
  const at = (wanted: string): number =>
    Date.parse(conditions.find(({ type }) => type === wanted)?.lastTransitionTime ?? '');
  return (at('Ready') - at('PodScheduled')) / 1000;
}
