import assert from 'node:assert/strict';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { kubeletBehaviour } from '../kubelet-versions.ts';
import { eventually, showsEventually } from './eventually.ts';
import type { ConformanceCase, KubeletUnderTest } from './kubelet-under-test.ts';
import { healthyDevices, startRawPlugin, type RawPlugin } from './raw-plugin.ts';

export const lifeCycleCases: readonly ConformanceCase[] = [
  {
    name: 'a stream that the plugin ends: allocatable 0, capacity stays, no new stream',
    run: async (kubelet) => {
      const resourceName = 'conformance.example/ended';
      await using plugin = await start(kubelet, resourceName, 'ended.sock', 3);
      await showsEventually(kubelet, resourceName, { capacity: 3, allocatable: 3 });
      plugin.endStreams();
      await showsEventually(kubelet, resourceName, { capacity: 3, allocatable: 0 });
      await delay(1500);
      assert.equal(plugin.calls.listAndWatch.length, 1, 'streams');
      await showsEventually(kubelet, resourceName, { capacity: 3, allocatable: 0 });
    },
  },
  {
    name: 'a plugin that dies: allocatable 0, capacity stays; the next registration brings it back',
    run: async (kubelet) => {
      const resourceName = 'conformance.example/died';
      await using plugin = await start(kubelet, resourceName, 'died-1.sock', 3);
      await showsEventually(kubelet, resourceName, { capacity: 3, allocatable: 3 });
      await plugin.stop();
      await showsEventually(kubelet, resourceName, { capacity: 3, allocatable: 0 });
      await using next = await start(kubelet, resourceName, 'died-2.sock', 2);
      await showsEventually(kubelet, resourceName, { capacity: 2, allocatable: 2 });
      await next.stop();
    },
  },
  {
    name: 'Allocate goes to the newest registration while both plugins live',
    run: async (kubelet) => {
      const resourceName = 'conformance.example/newest';
      await using older = await start(kubelet, resourceName, 'newest-1.sock', 2);
      await showsEventually(kubelet, resourceName, { capacity: 2, allocatable: 2 });
      await using newer = await start(kubelet, resourceName, 'newest-2.sock', 3);
      await showsEventually(kubelet, resourceName, { capacity: 3, allocatable: 3 });
      const pod = await kubelet.startPod(resourceName, 1);
      assert.deepEqual([older.calls.allocate.length, newer.calls.allocate.length], [0, 1]);
      await pod.remove();
    },
  },
  {
    name: 'the end of an older plugin: the newest stays, unless its stream is taken for the newest’s',
    run: async (kubelet) => {
      const resourceName = 'conformance.example/older-ends';
      await using older = await start(kubelet, resourceName, 'older-1.sock', 2);
      await showsEventually(kubelet, resourceName, { capacity: 2, allocatable: 2 });
      await using newer = await start(kubelet, resourceName, 'older-2.sock', 3);
      await showsEventually(kubelet, resourceName, { capacity: 3, allocatable: 3 });
      await older.stop();
      const isLost = kubeletBehaviour(kubelet.version).streamEnd === 'newest';
      await settled(kubelet);
      await showsEventually(kubelet, resourceName, { capacity: 3, allocatable: isLost ? 0 : 3 });
      if (isLost) return;
      newer.list(healthyDevices(4));
      await showsEventually(kubelet, resourceName, { capacity: 4, allocatable: 4 });
    },
  },
  {
    name: 'the end of the newest plugin: the resource ends, unless an older one takes over',
    run: async (kubelet) => {
      const resourceName = 'conformance.example/newest-ends';
      await using older = await start(kubelet, resourceName, 'ends-1.sock', 2);
      await showsEventually(kubelet, resourceName, { capacity: 2, allocatable: 2 });
      await using newer = await start(kubelet, resourceName, 'ends-2.sock', 3);
      await showsEventually(kubelet, resourceName, { capacity: 3, allocatable: 3 });
      await newer.stop();
      if (kubeletBehaviour(kubelet.version).streamEnd !== 'each-socket') {
        await showsEventually(kubelet, resourceName, { capacity: 3, allocatable: 0 });
        return;
      }
      await settled(kubelet);
      // The list of the plugin that went stays until the other one sends one.
      await showsEventually(kubelet, resourceName, { capacity: 3, allocatable: 3 });
      // Nothing tells when the kubelet has noticed; until then the pod fails.
      await eventually(kubelet, async () => {
        const pod = await kubelet.startPod(resourceName, 1);
        await pod.remove();
      });
      assert.deepEqual([older.calls.allocate.length, newer.calls.allocate.length], [1, 0]);
    },
  },
  {
    name: 'a restart: another kubelet.sock, no other socket; 0 until the plugin registers',
    run: async (kubelet) => {
      const resourceName = 'conformance.example/restart';
      const { directory } = kubelet;
      await using plugin = await start(kubelet, resourceName, 'restart-1.sock', 3);
      await showsEventually(kubelet, resourceName, { capacity: 3, allocatable: 3 });
      const before = await stat(join(directory, 'kubelet.sock'));
      await kubelet.restart();
      const after = await stat(join(directory, 'kubelet.sock'));
      assert.notEqual(identity(after), identity(before), 'inode and time of kubelet.sock');
      assert.equal(await exists(plugin.socketPath), false, 'the plugin’s socket');
      await showsEventually(kubelet, resourceName, { capacity: 0, allocatable: 0 });
      await using again = await start(kubelet, resourceName, 'restart-2.sock', 3);
      await showsEventually(kubelet, resourceName, { capacity: 3, allocatable: 3 });
      await again.stop();
    },
  },
  {
    name: 'a restart removes other files in the directory or leaves them, and leaves folders',
    run: async (kubelet) => {
      const file = join(kubelet.directory, 'conformance-note');
      const folder = join(kubelet.directory, 'conformance-folder');
      await writeFile(file, '');
      await mkdir(folder, { recursive: true });
      await kubelet.restart();
      const leaves = kubeletBehaviour(kubelet.version).wipes === 'sockets';
      assert.deepEqual([await exists(file), await exists(folder)], [leaves, true]);
    },
  },
];

async function start(
  { directory }: KubeletUnderTest,
  resourceName: string,
  endpoint: string,
  count: number,
): Promise<RawPlugin> {
  return startRawPlugin({ directory, resourceName, endpoint, devices: healthyDevices(count) });
}

/** Resolves when the node shows something that was heard later than now, and so all before it. */
async function settled(kubelet: KubeletUnderTest): Promise<void> {
  const resourceName = `conformance.example/settled-${process.hrtime.bigint()}`;
  await using plugin = await start(kubelet, resourceName, `${resourceName.slice(-12)}.sock`, 1);
  await showsEventually(kubelet, resourceName, { capacity: 1, allocatable: 1 });
  await eventually(kubelet, () => {
    assert.equal(plugin.calls.listAndWatch.length, 1);
  });
}

function identity({ ino, ctimeMs }: { readonly ino: number; readonly ctimeMs: number }): string {
  return `${ino} ${ctimeMs}`;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
