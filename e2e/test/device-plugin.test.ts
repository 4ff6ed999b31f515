/** The device plugin at real kubelets: the newest, and one that sends a path as `:authority`. @needs cluster-1.37 cluster-1.24 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { poll, type OneNodeCluster } from '../harness/index.ts';
import { allocatableIs, type BusyboxPod, type PodStatus, runBusybox } from './support/busybox-pod.ts';
import { type LoggedPlugin, startLoggedPlugin } from './support/logged-plugin.ts';
import { hasOwnControlPlane, ownCluster } from './support/open-cluster.ts';
import { soakLength } from './support/soak-length.ts';

const resourceName = 'bitfusion.io/gpu';
const limits = { [resourceName]: '50' };

/** How often the kubelet is restarted. */
const restarts = {
  '1.37': soakLength({ usual: 6, soak: 20 }),
  '1.24': soakLength({ usual: 3, soak: 5 }),
};

/** Which containers run, and how often they were started: what a pod that is not touched keeps. */
function startsOf({ containerStatuses = [] }: PodStatus): readonly unknown[] {
  return containerStatuses.map(({ containerID, restartCount }) => ({ containerID, restartCount }));
}

describe.runIf(hasOwnControlPlane()).each(['1.37', '1.24'] as const)(
  'the device plugin at kubelet %s',
  (version) => {
    let cluster: OneNodeCluster;
    let current: LoggedPlugin;
    let namespace: string;

    beforeAll(async () => {
      cluster = await ownCluster({ version });
      namespace = await cluster.createNamespace('units');
      current = await startLoggedPlugin(cluster, resourceName);
    });
    afterAll(async () => {
      await current.plugin[Symbol.asyncDispose]();
      await cluster[Symbol.asyncDispose]();
    });

    const run = (name: string, script: string): Promise<BusyboxPod> =>
      runBusybox(cluster, script, { name, namespace, limits });

    it('B60, B66: the node offers the 1000 units of the original', async () => {
      await allocatableIs(cluster, resourceName, '1k');
      expect((await cluster.node()).capacity[resourceName]).toBe('1k');
    });

    it('B64, B66: a pod that asks for 50 runs and sees how many it has', async () => {
      const pod = await run('sees', 'echo $BITFUSION_GPU_UNITS');
      await pod.reaches('Succeeded');
      expect(await pod.log()).toBe('50\n');
      await pod.remove();
    });

    it('B66: the 21st pod of 50 waits with the scheduler’s message, and runs when one has gone', async () => {
      const pods: BusyboxPod[] = [];
      for (let number = 1; number <= 20; number++) pods.push(await run(`pod-${number}`, 'sleep 600'));
      for (const pod of pods) await pod.reaches('Running');
      const last = await run('pod-21', 'sleep 600');
      const message = await poll(
        async () => (await last.status()).conditions?.find(({ type }) => type === 'PodScheduled')?.message,
        { what: 'the scheduler to say why', within: 10_000 },
      );
      expect(message).toContain('Insufficient bitfusion.io/gpu');
      await pods.shift()?.remove();
      await last.reaches('Running');
      for (const pod of [...pods, last]) await pod.remove();
    });

    it(`B62: the kubelet is restarted ${restarts[version]} times: registered within a second, and pods run on`, async () => {
      const pod = await run('runs-on', 'sleep 600');
      const before = await pod.reaches('Running');
      const delays: number[] = [];
      for (let round = 0; round < restarts[version]; round++) {
        const registrations = current.times('registered').length;
        await cluster.restartKubelet({ end: round % 2 === 0 ? 'graceful' : 'crash' });
        const registered = await poll(
          () => Promise.resolve(current.times('registered').slice(registrations).at(-1)),
          { what: 'the plugin to register again', within: 10_000 },
        ).catch((error: unknown) => {
          throw new Error(`in round ${round} it last said: ${current.lastLines()}`, { cause: error });
        });
        const { ctimeMs } = await stat(join(cluster.devicePluginDirectory, 'kubelet.sock'));
        delays.push(registered - ctimeMs);
      }
      delays.sort((a, b) => a - b);
      const [median = 0, worst = 0] = [delays[delays.length >> 1], delays.at(-1)];
      console.log(
        `registered after the new socket: median ${median.toFixed(0)} ms, worst ${worst.toFixed(0)} ms`,
      );
      expect(worst).toBeLessThan(1000);
      await allocatableIs(cluster, resourceName, '1k');
      expect(startsOf(await pod.status())).toEqual(startsOf(before));
      await pod.remove();
    });

    it('B61, B67: a rolling update leaves running pods alone and the units away for 2 s at most', async () => {
      const pod = await run('untouched', 'sleep 600');
      const before = await pod.reaches('Running');
      // As a DaemonSet does it: the old one ends, then the new one starts.
      let longestAway = 0;
      let awaySince: number | undefined;
      const watching = new AbortController();
      const watch = (async () => {
        while (!watching.signal.aborted) {
          const { allocatable } = await cluster.node();
          if (allocatable[resourceName] === '1k') awaySince = undefined;
          else awaySince ??= performance.now();
          if (awaySince !== undefined) longestAway = Math.max(longestAway, performance.now() - awaySince);
          await sleep(20);
        }
      })();
      for (let round = 0; round < 3; round++) {
        await current.plugin[Symbol.asyncDispose]();
        current = await startLoggedPlugin(cluster, resourceName);
        await poll(() => Promise.resolve(current.plugin.isRegistered ? true : undefined), {
          what: 'the next generation to register',
          within: 10_000,
        });
        await allocatableIs(cluster, resourceName, '1k');
      }
      watching.abort();
      await watch;
      console.log(`units away in a rolling update: ${longestAway.toFixed(0)} ms at most`);
      expect(longestAway).toBeLessThan(2000);
      expect(startsOf(await pod.status())).toEqual(startsOf(before));
      await pod.remove();
    });

    it('B67: a plugin that has ended takes its units with it', async () => {
      await current.plugin[Symbol.asyncDispose]();
      await allocatableIs(cluster, resourceName, '0');
    });
  },
);
