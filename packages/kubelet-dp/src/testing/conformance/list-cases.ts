import assert from 'node:assert/strict';

import { ListAndWatchResponse } from '../../generated/v1beta1.ts';
import { eventually, showsEventually } from './eventually.ts';
import type { ConformanceCase } from './kubelet-under-test.ts';
import { healthyDevices, RawPlugin, startRawPlugin, type RawDevice } from './raw-plugin.ts';

const largestList = 4 * 1024 * 1024;

export const listCases: readonly ConformanceCase[] = [
  {
    name: 'the node shows what the last list said, up and down',
    run: async (kubelet) => {
      const resourceName = 'conformance.example/list';
      const { directory } = kubelet;
      await using plugin = await startRawPlugin({ directory, resourceName, devices: healthyDevices(3) });
      await showsEventually(kubelet, resourceName, { capacity: 3, allocatable: 3 });
      for (const count of [5, 1, 0, 2]) {
        plugin.list(healthyDevices(count));
        await showsEventually(kubelet, resourceName, { capacity: count, allocatable: count });
      }
      assert.equal(plugin.calls.listAndWatch.length, 1, 'streams');
    },
  },
  {
    name: 'a device that is not Healthy lowers allocatable only, and comes back',
    run: async (kubelet) => {
      const resourceName = 'conformance.example/health';
      const { directory } = kubelet;
      const devices = healthyDevices(3);
      await using plugin = await startRawPlugin({ directory, resourceName, devices });
      // Only the one spelling is healthy.
      for (const health of ['Unhealthy', 'healthy', '']) {
        plugin.list(devices.map((device, index) => (index === 0 ? { ...device, health } : device)));
        await showsEventually(kubelet, resourceName, { capacity: 3, allocatable: 2 });
        plugin.list(devices);
        await showsEventually(kubelet, resourceName, { capacity: 3, allocatable: 3 });
      }
    },
  },
  {
    name: 'equal ids are one device, but count twice when listed both healthy and not',
    run: async (kubelet) => {
      const resourceName = 'conformance.example/equal';
      const { directory } = kubelet;
      const first = device('a', 1);
      const devices = [first, device('b', 1), first];
      await using plugin = await startRawPlugin({ directory, resourceName, devices });
      await showsEventually(kubelet, resourceName, { capacity: 2, allocatable: 2 });
      plugin.list([first, { ...first, health: 'Unhealthy' }]);
      await showsEventually(kubelet, resourceName, { capacity: 2, allocatable: 1 });
    },
  },
  {
    name: 'a list of 4 MiB is taken, one of a byte more ends the stream',
    run: async (kubelet) => {
      const resourceName = 'conformance.example/size';
      const { directory } = kubelet;
      await using plugin = await startRawPlugin({ directory, resourceName, devices: healthyDevices(1) });
      await showsEventually(kubelet, resourceName, { capacity: 1, allocatable: 1 });
      const fitting = listOfBytes(largestList);
      plugin.list(fitting);
      const capacity = fitting.length;
      await showsEventually(kubelet, resourceName, { capacity, allocatable: capacity });
      plugin.list(listOfBytes(largestList + 1));
      await showsEventually(kubelet, resourceName, { capacity, allocatable: 0 });
      assert.equal(plugin.calls.listAndWatch.length, 1, 'streams');
    },
  },
  {
    name: 'of two plugins of a resource the last list counts, whoever sent it',
    run: async (kubelet) => {
      const resourceName = 'conformance.example/two-lists';
      const { directory } = kubelet;
      const common = { directory, resourceName };
      await using older = await startRawPlugin({
        ...common,
        endpoint: 'l1.sock',
        devices: healthyDevices(1),
      });
      await showsEventually(kubelet, resourceName, { capacity: 1, allocatable: 1 });
      await using newer = new RawPlugin({ ...common, endpoint: 'l2.sock', devices: healthyDevices(2) });
      await newer.listen();
      await newer.register();
      await showsEventually(kubelet, resourceName, { capacity: 2, allocatable: 2 });
      older.list(healthyDevices(3));
      await showsEventually(kubelet, resourceName, { capacity: 3, allocatable: 3 });
      await eventually(kubelet, () => {
        assert.equal(newer.calls.listAndWatch.length, 1, 'streams');
      });
    },
  },
];

/** A list that is that long on the wire, without the 5 bytes before a message. */
function listOfBytes(bytes: number): RawDevice[] {
  const each = encodedLength([device('0', 1000)]);
  const devices = Array.from({ length: Math.floor(bytes / each) - 1 }, (_, n) => device(String(n), 1000));
  devices.push(device('last', 1000 + bytes - encodedLength(devices) - each));
  assert.equal(encodedLength(devices), bytes);
  return devices;
}

function device(name: string, length: number): RawDevice {
  return { id: name.padEnd(length, '-'), health: 'Healthy' };
}

function encodedLength(devices: readonly RawDevice[]): number {
  const message = { devices: devices.map((one) => ({ ...one, topology: undefined })) };
  return ListAndWatchResponse.encode(message).finish().length;
}
