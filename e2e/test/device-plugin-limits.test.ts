/** How much real kubelets take of a device plugin, and what becomes of it when they fail it. @needs cluster-1.37 cluster-1.24 */
import { link, mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { type Device, DeviceStore, type PluginEvent, serveDevicePlugin } from '@bwki/kubelet-dp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { poll, type OneNodeCluster } from '../harness/index.ts';
import { allocatableIs, runBusybox } from './support/busybox-pod.ts';
import { hasOwnControlPlane, ownCluster } from './support/open-cluster.ts';

const resourceName = 'example.com/unit';

interface Served extends AsyncDisposable {
  readonly store: DeviceStore;
  readonly events: readonly PluginEvent[];
  /** The event of that kind with that number, counted from 1, once it has come. */
  told<K extends PluginEvent['kind']>(kind: K, count?: number): Promise<Extract<PluginEvent, { kind: K }>>;
}

interface ServeSettings {
  readonly count: number;
  /** What containers see as `SERVED_BY`. */
  readonly name?: string;
  readonly onEvent?: (event: PluginEvent) => void;
}

async function serve(directory: string, { count, name = 'one', onEvent }: ServeSettings): Promise<Served> {
  const store = new DeviceStore(units(count));
  const events: PluginEvent[] = [];
  const plugin = await serveDevicePlugin(
    { resourceName, devices: () => store, allocate: () => ({ envs: { SERVED_BY: name } }) },
    {
      directory,
      socketName: 'unit',
      onEvent: (event) => {
        events.push(event);
        onEvent?.(event);
      },
    },
  );
  return {
    store,
    events,
    told: (kind, number = 1) =>
      poll(
        () => {
          const found = events.filter(
            (event): event is Extract<PluginEvent, { kind: typeof kind }> => event.kind === kind,
          );
          return Promise.resolve(found[number - 1]);
        },
        { what: `${kind}, the ${number}.`, within: 60_000 },
      ),
    [Symbol.asyncDispose]: () => plugin[Symbol.asyncDispose](),
  };
}

function units(count: number): readonly Device[] {
  return Array.from({ length: count }, (_, index) => ({ id: `unit-${index}`, health: 'Healthy' }));
}

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

describe.runIf(hasOwnControlPlane()).each(['1.37', '1.24'] as const)(
  'a device plugin at its limits, kubelet %s',
  (version) => {
    let cluster: OneNodeCluster;
    let directory: string;

    beforeAll(async () => {
      cluster = await ownCluster({ version });
      directory = cluster.devicePluginDirectory;
    });
    afterAll(() => cluster[Symbol.asyncDispose]());

    it('B63: 150,000 devices reach the node', async () => {
      const before = process.memoryUsage().rss;
      const begin = performance.now();
      await using plugin = await serve(directory, { count: 150_000 });
      const { bytes } = await plugin.told('list-sent');
      const sent = performance.now() - begin;
      await allocatableIs(cluster, resourceName, '150k');
      const seconds = ((performance.now() - begin) / 1000).toFixed(1);
      console.log(
        `kubelet ${version}, 150,000 devices: ${bytes} bytes sent after ${sent.toFixed(0)} ms, on the node after ` +
          `${seconds} s; this process grew by ${mebibytes(process.memoryUsage().rss - before)}`,
      );
    });

    it('B63: of 1,000 changes of health in a second a few lists are sent, and the last one counts', async () => {
      await using plugin = await serve(directory, { count: 1000 });
      await allocatableIs(cluster, resourceName, '1k');
      const listsBefore = plugin.events.filter(({ kind }) => kind === 'list-sent').length;
      const begin = performance.now();
      for (let change = 0; change < 1000; change++) {
        plugin.store.setHealth(`unit-${change % 250}`, change % 500 < 250 ? 'Unhealthy' : 'Healthy');
        if (change % 10 === 9) await sleep(10);
      }
      for (const index of [3, 7, 11]) plugin.store.setHealth(`unit-${index}`, 'Unhealthy');
      const seconds = (performance.now() - begin) / 1000;
      await allocatableIs(cluster, resourceName, '997');
      const lists = plugin.events.filter(({ kind }) => kind === 'list-sent').length - listsBefore;
      console.log(`kubelet ${version}, 1,003 changes in ${seconds.toFixed(1)} s: ${lists} lists`);
      expect(lists).toBeLessThan(5 + 10 * seconds);
      expect((await cluster.node()).capacity[resourceName]).toBe('1k');
    });

    it('B62: of two plugins the newer one counts; when it ends, the older one does again', async () => {
      const servedBy = async (): Promise<string> => {
        const pod = await runBusybox(cluster, 'echo $SERVED_BY', { limits: { [resourceName]: '1' } });
        await pod.reaches('Succeeded');
        return pod.log();
      };
      await using older = await serve(directory, { count: 2, name: 'older' });
      await allocatableIs(cluster, resourceName, '2');
      {
        await using newer = await serve(directory, { count: 3, name: 'newer' });
        await newer.told('registered');
        await older.told('superseded');
        await allocatableIs(cluster, resourceName, '3');
        expect(await servedBy()).toBe('newer\n');
      }
      await older.told('successor-gone');
      await allocatableIs(cluster, resourceName, '2');
      expect(await servedBy()).toBe('older\n');
    });

    it('B62, B63: a kubelet that is killed while it gets a list gets the whole of it when it is back', async () => {
      const opened = Promise.withResolvers<undefined>();
      await using plugin = await serve(directory, {
        count: 150_000,
        onEvent: ({ kind }) => {
          if (kind === 'stream-opened') opened.resolve(undefined);
        },
      });
      await opened.promise;
      await sleep(2);
      const hadLeft = plugin.events.some(({ kind }) => kind === 'list-sent');
      await cluster.restartKubelet({ end: 'crash' });
      console.log(`kubelet ${version} was killed ${hadLeft ? 'after' : 'in the middle of'} the first list`);
      expect(await plugin.told('stream-ended')).toMatchObject({ endedBy: 'kubelet' });
      await plugin.told('registered', 2);
      await allocatableIs(cluster, resourceName, '150k');
    });

    it('B62: a kubelet that does not find the socket says so, or never asks: the owner is told which', async () => {
      // As when the container has another directory mounted than the kubelet looks into.
      const elsewhere = await mkdtemp(join(dirname(directory), 'elsewhere-'));
      await link(join(directory, 'kubelet.sock'), join(elsewhere, 'kubelet.sock'));
      try {
        await using plugin = await serve(elsewhere, { count: 1 });
        if (version === '1.24') {
          await plugin.told('registered');
          await plugin.told('dropped');
        } else {
          const { error } = await plugin.told('register-failed');
          expect(error.code).toBe('DEVICE_REGISTER_FAILED');
          expect(error.message).toContain('failed to dial device plugin: context deadline exceeded');
        }
      } finally {
        await rm(elsewhere, { recursive: true });
      }
    });
  },
);
