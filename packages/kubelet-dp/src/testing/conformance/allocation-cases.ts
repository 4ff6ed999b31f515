import assert from 'node:assert/strict';

import { showsEventually } from './eventually.ts';
import { kubeletBehaviour } from '../kubelet-versions.ts';
import type { ConformanceCase, KubeletUnderTest } from './kubelet-under-test.ts';
import { healthyDevices, startRawPlugin, type RawPlugin, type RawPluginOptions } from './raw-plugin.ts';

export const allocationCases: readonly ConformanceCase[] = [
  {
    name: 'Allocate: a call for each container, with one request of as many ids as it asks for',
    run: async (kubelet) => {
      await using plugin = await start(kubelet, 'allocate', 6);
      const pod = await kubelet.startPod(plugin.resourceName, 2, 3);
      const requests = plugin.calls.allocate.map(({ containerRequests }) =>
        containerRequests.map(({ deviceIds }) => deviceIds),
      );
      assert.deepEqual(
        requests.map((containers) => containers.map((ids) => ids.length)),
        [[2], [3]],
      );
      const ids = requests.flat(2);
      assert.equal(new Set(ids).size, 5, 'no id is given twice');
      assert.deepEqual(without(ids, idsOf(6)), [], 'ids that were not listed');
      assert.deepEqual(
        [plugin.calls.preferred.length, plugin.calls.preStart.length],
        [0, 0],
        'neither is asked unless the options say so',
      );
      await pod.remove();
    },
  },
  {
    name: 'ids of a pod are not given to another, and are free when it is gone',
    run: async (kubelet) => {
      await using plugin = await start(kubelet, 'held', 4);
      const first = await kubelet.startPod(plugin.resourceName, 3);
      const tooFew =
        'requested number of devices unavailable for conformance.example/held. Requested: 2, Available: 1';
      await podFails(kubelet, plugin, `Allocate failed due to ${tooFew}, which is unexpected`, 2);
      assert.equal(plugin.calls.allocate.length, 1, 'calls of Allocate');
      const second = await kubelet.startPod(plugin.resourceName, 1);
      assert.deepEqual(allocatedIds(plugin).toSorted(), idsOf(4).toSorted());
      await first.remove();
      const third = await kubelet.startPod(plugin.resourceName, 3);
      assert.deepEqual(
        plugin.calls.allocate[2]?.containerRequests[0]?.deviceIds.toSorted(),
        allocatedIds(plugin).slice(0, 3).toSorted(),
      );
      await second.remove();
      await third.remove();
    },
  },
  {
    name: 'unhealthy ids are not given',
    run: async (kubelet) => {
      await using plugin = await start(kubelet, 'unhealthy', 3);
      plugin.list(idsOf(3).map((id) => ({ id, health: id === 'slot-1' ? 'Healthy' : 'Unhealthy' })));
      await showsEventually(kubelet, plugin.resourceName, { capacity: 3, allocatable: 1 });
      const pod = await kubelet.startPod(plugin.resourceName, 1);
      assert.deepEqual(allocatedIds(plugin), ['slot-1']);
      await pod.remove();
    },
  },
  {
    name: 'GetPreferredAllocation is asked where offered, and what it answers is given',
    run: async (kubelet) => {
      await using plugin = await start(kubelet, 'preferred', 6, {
        options: { getPreferredAllocationAvailable: true },
        preferred: () => ['slot-5', 'slot-3'],
      });
      const pod = await kubelet.startPod(plugin.resourceName, 2);
      assert.equal(plugin.calls.preferred.length, 1, 'calls');
      const [request] = plugin.calls.preferred[0]?.containerRequests ?? [];
      assert.deepEqual(request?.availableDeviceIds.toSorted(), idsOf(6));
      assert.deepEqual([request.mustIncludeDeviceIds, request.allocationSize], [[], 2]);
      assert.deepEqual(allocatedIds(plugin).toSorted(), ['slot-3', 'slot-5']);
      await pod.remove();
    },
  },
  {
    name: 'a preference is a hint: ids that are not free are left out, what is missing is filled up',
    run: async (kubelet) => {
      await using plugin = await start(kubelet, 'hint', 4, {
        options: { getPreferredAllocationAvailable: true },
        preferred: () => ['nowhere', 'slot-2'],
      });
      const pod = await kubelet.startPod(plugin.resourceName, 2);
      const ids = allocatedIds(plugin);
      assert.equal(ids.length, 2);
      assert.deepEqual(without(ids, idsOf(4)), []);
      assert.ok(ids.includes('slot-2'), `slot-2 is not among ${ids.join(', ')}`);
      await pod.remove();
    },
  },
  {
    name: 'a failed GetPreferredAllocation fails the pod',
    run: async (kubelet) => {
      await using plugin = await start(kubelet, 'preferred-fails', 2, {
        options: { getPreferredAllocationAvailable: true },
        preferred: fails('no preference today'),
      });
      await podFails(
        kubelet,
        plugin,
        'Allocate failed due to device plugin GetPreferredAllocation rpc failed with err: ' +
          'rpc error: code = InvalidArgument desc = no preference today, which is unexpected',
      );
      assert.equal(plugin.calls.allocate.length, 0, 'calls of Allocate');
    },
  },
  {
    name: 'a failed Allocate fails the pod, with the status and its message',
    run: async (kubelet) => {
      await using plugin = await start(kubelet, 'allocate-fails', 2, { allocate: fails('no such device') });
      await podFails(
        kubelet,
        plugin,
        'Allocate failed due to rpc error: code = InvalidArgument desc = no such device, which is unexpected',
      );
    },
  },
  {
    name: 'an answer of Allocate without a container fails the pod',
    run: async (kubelet) => {
      await using plugin = await start(kubelet, 'allocate-empty', 2, { allocate: () => [] });
      await podFails(kubelet, plugin, 'Allocate failed due to no containers return in allocation response');
    },
  },
  {
    name: 'PreStartContainer is called where required, with the ids of Allocate',
    run: async (kubelet) => {
      await using plugin = await start(kubelet, 'pre-start', 4, { options: { preStartRequired: true } });
      const pod = await kubelet.startPod(plugin.resourceName, 3);
      const [request] = plugin.calls.preStart;
      assert.equal(plugin.calls.preStart.length, 1, 'calls');
      assert.deepEqual(request?.deviceIds.toSorted(), allocatedIds(plugin).toSorted());
      await pod.remove();
    },
  },
  {
    name: 'a failed PreStartContainer keeps the container from starting, with the status and its message',
    run: async (kubelet) => {
      await using plugin = await start(kubelet, 'pre-start-fails', 2, {
        options: { preStartRequired: true },
        preStart: fails('not ready'),
      });
      await podFails(
        kubelet,
        plugin,
        'device plugin PreStartContainer rpc failed with err: ' +
          'rpc error: code = InvalidArgument desc = not ready',
      );
      assert.equal(plugin.calls.allocate.length, 1, 'calls of Allocate');
    },
  },
  {
    name: 'of options that differ, Register’s or the asked ones count',
    run: async (kubelet) => {
      await using plugin = await start(kubelet, 'other-options', 2, {
        options: { preStartRequired: true },
        askedOptions: () => ({ preStartRequired: false, getPreferredAllocationAvailable: false }),
      });
      const pod = await kubelet.startPod(plugin.resourceName, 1);
      const isAsked = kubeletBehaviour(kubelet.version).options === 'asked';
      assert.equal(plugin.calls.preStart.length, isAsked ? 0 : 1, 'calls of PreStartContainer');
      await pod.remove();
    },
  },
];

async function start(
  kubelet: KubeletUnderTest,
  name: string,
  count: number,
  options: Partial<RawPluginOptions> = {},
): Promise<RawPlugin> {
  const resourceName = `conformance.example/${name}`;
  const { directory } = kubelet;
  const devices = healthyDevices(count);
  const plugin = await startRawPlugin({ directory, resourceName, devices, ...options });
  await showsEventually(kubelet, resourceName, { capacity: count, allocatable: count });
  return plugin;
}

async function podFails(
  kubelet: KubeletUnderTest,
  plugin: RawPlugin,
  message: string,
  count = 1,
): Promise<void> {
  await assert.rejects(kubelet.startPod(plugin.resourceName, count), (error: Error) => {
    assert.ok(error.message.includes(message), `the pod says ${JSON.stringify(error.message)}`);
    return true;
  });
}

function allocatedIds({ calls }: RawPlugin): string[] {
  return calls.allocate.flatMap(({ containerRequests }) =>
    containerRequests.flatMap(({ deviceIds }) => deviceIds),
  );
}

function idsOf(count: number): string[] {
  return healthyDevices(count).map(({ id }) => id);
}

function without(ids: readonly string[], known: readonly string[]): string[] {
  return ids.filter((id) => !known.includes(id));
}

function fails(message: string): () => never {
  return () => {
    throw new Error(message);
  };
}
