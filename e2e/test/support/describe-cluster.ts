import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { poll, type KubernetesVersion, type OneNodeCluster } from '../../harness/index.ts';
import { runBusybox } from './busybox-pod.ts';
import { hasOwnControlPlane, ownCluster } from './open-cluster.ts';

/** What a cluster of every version has to offer; `more` adds tests on the same cluster. */
export function describeCluster(
  version: KubernetesVersion,
  more: (cluster: () => OneNodeCluster) => void,
): void {
  describe.runIf(hasOwnControlPlane())(`a cluster of ${version}`, () => {
    let cluster: OneNodeCluster;
    let milliseconds: number;

    beforeAll(async () => {
      const started = performance.now();
      cluster = await ownCluster({ version });
      milliseconds = performance.now() - started;
    });
    afterAll(() => cluster[Symbol.asyncDispose]());

    it('has a Ready node within a minute when its programs are built', () => {
      console.log(`cluster of ${version} ready after ${(milliseconds / 1000).toFixed(1)} s`);
      expect(milliseconds).toBeLessThan(60_000);
    });

    it('is of that version throughout', async () => {
      const node = await cluster.api.read({
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name: cluster.nodeName },
      });
      const { body } = await cluster.api.send<{ readonly gitVersion: string }>('GET', '/version');
      expect(node['status']).toMatchObject({ nodeInfo: { kubeletVersion: body.gitVersion } });
      expect(body.gitVersion.startsWith(`v${version}.`)).toBe(true);
    });

    it('runs a pod to its end, and gives its log', async () => {
      const started = performance.now();
      const pod = await runBusybox(cluster, 'echo hello from $HOSTNAME');
      await pod.reaches('Succeeded');
      console.log(`pod succeeded after ${(performance.now() - started).toFixed(0)} ms`);
      expect(await pod.log()).toBe('hello from one\n');
    });

    it('lets pods reach the API server at the address of its Service', async () => {
      const request = String.raw`printf 'GET / HTTP/1.0\r\n\r\n'`;
      const pod = await runBusybox(
        cluster,
        `${request} | nc -w 5 $KUBERNETES_SERVICE_HOST $KUBERNETES_SERVICE_PORT`,
      );
      await pod.reaches('Succeeded');
      expect(await pod.log()).toContain('HTTPS server');
    });

    it.each(['graceful', 'crash'] as const)(
      'keeps a pod running over a restart (%s) of its kubelet',
      async (end) => {
        const pod = await runBusybox(cluster, 'sleep 600');
        const exec = () => cluster.kubectl(['exec', pod.name, '-n', pod.namespace, '--', 'true']);
        const before = await pod.reaches('Running');
        let whileDown: unknown;
        await cluster.restartKubelet({
          end,
          meanwhile: async () => {
            whileDown = (await exec()).status;
          },
        });
        expect(whileDown).not.toBe(0);
        await poll(async () => ((await exec()).status === 0 ? true : undefined), {
          what: 'the kubelet to serve the pod again',
          within: 20_000,
        });
        expect((await pod.status()).containerStatuses).toEqual(before.containerStatuses);
      },
    );

    more(() => cluster);
  });
}
