import { credentials } from '@grpc/grpc-js';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';

import { DevicePluginClient, type ListAndWatchResponse } from '../src/generated/v1beta1.ts';
import { type Device, DeviceStore } from '../src/index.ts';
import { ManualClock } from './support/manual-clock.ts';
import { openWorld, resourceName, units } from './support/world.ts';

/** Ids of 12 bytes: 27 bytes a device while it is unhealthy, of which 4 MiB hold 155,344. */
function shortIds(count: number): readonly Device[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `u${String(index).padStart(11, '0')}`,
    health: 'Healthy',
  }));
}

describe('the list of devices', () => {
  it('B63: reaches the kubelet as it stands and after each change', async () => {
    await using world = openWorld();
    const kubelet = await world.kubelet();
    const store = new DeviceStore([{ id: 'a', health: 'Healthy', numaNodes: [0, 3] }]);
    const { told } = await world.serve({ devices: () => store });
    await kubelet.waitForAllocatable(resourceName, 1);
    expect(kubelet.devices(resourceName)).toEqual([
      { id: 'a', health: 'Healthy', topology: { nodes: [{ id: 0 }, { id: 3 }] } },
    ]);
    store.setHealth('a', 'Unhealthy');
    await kubelet.waitForAllocatable(resourceName, 0);
    expect(kubelet.capacity(resourceName)).toBe(1);
    store.set([...units(3)]);
    await kubelet.waitForAllocatable(resourceName, 3);
    await told.wait('list-sent', 3);
    expect(told.all('list-sent').map(({ devices, healthy }) => [devices, healthy])).toEqual([
      [1, 1],
      [1, 0],
      [3, 3],
    ]);
  });

  it('B63: reaches every reader, and each reader may go without the others', async () => {
    await using world = openWorld();
    const store = new DeviceStore(units(2));
    const { told } = await world.serve({ devices: () => store });
    const { socketPath } = await told.wait('listening');
    const readers = [1, 2, 3].map(() => openReader(socketPath));
    for (const reader of readers) await reader.next((list) => list.devices.length === 2);
    readers[1]?.cancel();
    expect(await told.wait('stream-ended')).toMatchObject({ endedBy: 'kubelet' });
    store.setHealth('unit-1', 'Unhealthy');
    for (const reader of [readers[0], readers[2]]) {
      await reader?.next((list) => list.devices.some(({ health }) => health === 'Unhealthy'));
      reader?.cancel();
    }
    await told.wait('stream-ended', 3);
    const before = told.events.length;
    store.setHealth('unit-1', 'Healthy');
    await told.wait('list-accepted', 3);
    await delay(50);
    expect(told.kinds().slice(before)).toEqual(['list-accepted']);
  });

  it('B63: of 1,000 changes in a second few are sent, and the last always', async () => {
    await using world = openWorld();
    const kubelet = await world.kubelet();
    const store = new DeviceStore(units(100));
    const { told } = await world.serve({ devices: () => store });
    await kubelet.waitForAllocatable(resourceName, 100);
    const begin = performance.now();
    for (let change = 0; change < 1000; change += 1) {
      store.setHealth(`unit-${change % 100}`, change % 200 < 100 ? 'Unhealthy' : 'Healthy');
      if (change % 10 === 9) await delay(10);
    }
    store.setHealth('unit-7', 'Unhealthy');
    const seconds = (performance.now() - begin) / 1000;
    await kubelet.waitForAllocatable(resourceName, 99);
    expect(kubelet.devices(resourceName).filter(({ health }) => health !== 'Healthy')).toMatchObject([
      { id: 'unit-7' },
    ]);
    expect(told.all('list-sent').length).toBeLessThan(5 + 10 * seconds);
  });

  it('B63: one who reads slowly gets the last state, not all of them', async () => {
    await using world = openWorld();
    const kubelet = await world.kubelet();
    const store = new DeviceStore(units(20_000));
    const { told } = await world.serve({ devices: () => store });
    await kubelet.waitForAllocatable(resourceName, 20_000, { withinMs: 20_000 });
    {
      using unread = kubelet.stopReading(resourceName);
      expect(unread).toBeDefined();
      for (let change = 0; change < 10; change += 1) {
        store.setHealth(`unit-${change}`, 'Unhealthy');
        await delay(110);
      }
    }
    await kubelet.waitForAllocatable(resourceName, 19_990, { withinMs: 20_000 });
    expect(told.all('list-sent').length).toBeLessThan(10);
  });

  it('B63: holds 155,344 devices of short ids; one more is refused, and the last good list stays', async () => {
    await using world = openWorld();
    const kubelet = await world.kubelet();
    const store = new DeviceStore(shortIds(155_344));
    const plugin = await world.serve({ devices: () => store });
    const { told } = plugin;
    await kubelet.waitForAllocatable(resourceName, 155_344, { withinMs: 25_000 });
    expect(plugin.listError).toBeUndefined();
    store.set(shortIds(155_345));
    const { error } = await told.wait('list-refused');
    expect(error).toMatchObject({
      code: 'DEVICE_LIST_TOO_LARGE',
      message:
        'the list takes more than the 4194304 bytes that a kubelet receives: its first 155344 devices fit; ' +
        'offer fewer, or give them shorter ids',
    });
    expect(plugin.listError).toBe(error);
    store.set(shortIds(155_344).map((device) => ({ ...device, health: 'Unhealthy' })));
    await kubelet.waitForAllocatable(resourceName, 0, { withinMs: 25_000 });
    expect(kubelet.capacity(resourceName)).toBe(155_344);
    expect(told.all('list-accepted').at(-1)).toEqual({
      kind: 'list-accepted',
      devices: 155_344,
      healthy: 0,
      bytes: 4_194_288,
    });
    expect(plugin.listError).toBeUndefined();
  });

  it('B63: of a list without end reads as much as fits and one device more', async () => {
    await using world = openWorld();
    let made = 0;
    const endless = {
      *[Symbol.iterator](): Generator<Device> {
        for (;;) yield { id: `u${String((made += 1)).padStart(11, '0')}`, health: 'Healthy' };
      },
    };
    const { told } = await world.serve({
      async *devices() {
        yield await Promise.resolve(endless);
      },
    });
    expect((await told.wait('list-refused')).error.code).toBe('DEVICE_LIST_TOO_LARGE');
    expect(made).toBe(155_345);
  });

  it.each([
    { list: [...units(1), ...units(1)], code: 'DEVICE_ID_DUPLICATE' },
    { list: [{ id: '', health: 'Healthy' }], code: 'DEVICE_ID_INVALID' },
    { list: [{ id: 'a', health: 'healthy' }], code: 'DEVICE_HEALTH_INVALID' },
    { list: [{ id: 'a', health: 'Healthy', numaNodes: [-1] }], code: 'DEVICE_NUMA_INVALID' },
    { list: undefined, code: 'DEVICE_LIST_FAILED' },
  ])('B63: refuses $list: $code', async ({ list, code }) => {
    await using world = openWorld();
    const kubelet = await world.kubelet();
    const lists = [units(2), list as readonly Device[]];
    const { told } = await world.serve({
      async *devices() {
        for (const one of lists) yield await delay(20, one);
      },
    });
    await kubelet.waitForAllocatable(resourceName, 2);
    expect((await told.wait('list-refused')).error.code).toBe(code);
    await delay(20);
    expect(kubelet.allocatable(resourceName)).toBe(2);
  });

  it('B63: is asked for again where the plugin fails to say it, ever more seldom; the last one stays', async () => {
    await using world = openWorld();
    const kubelet = await world.kubelet();
    const clock = new ManualClock();
    let calls = 0;
    const { told } = await world.serve(
      {
        // eslint-disable-next-line @typescript-eslint/require-await
        async *devices() {
          calls += 1;
          if (calls === 1 || calls === 4) yield units(2);
          if (calls < 5) throw new Error(`no pool ${calls}`);
          yield units(3);
        },
      },
      { clock },
    );
    await kubelet.waitForAllocatable(resourceName, 2);
    // The fourth time begins with a list: failures are counted anew after it.
    for (const [index, retryInMs] of [250, 500, 1000, 250].entries()) {
      const event = await told.wait('devices-failed', index + 1);
      expect(event).toMatchObject({
        retryInMs,
        error: { code: 'DEVICE_LIST_FAILED', message: `no pool ${index + 1}` },
      });
      clock.advance(retryInMs);
    }
    await kubelet.waitForAllocatable(resourceName, 3);
  });

  it('B63: a kubelet that dies in the middle of a list gets the whole of it from the next server', async () => {
    await using world = openWorld();
    const kubelet = await world.kubelet();
    kubelet.inject({ kind: 'cut-connection', afterBytes: 100_000 }, { times: 1 });
    const { told } = await world.serve({ devices: () => new DeviceStore(units(20_000)) });
    await told.wait('dropped');
    await kubelet.waitForAllocatable(resourceName, 20_000, { withinMs: 20_000 });
  });
});

interface Reader {
  /** The next list of that kind. */
  next(isWanted: (list: ListAndWatchResponse) => boolean): Promise<void>;
  cancel(): void;
}

function openReader(socketPath: string): Reader {
  const client = new DevicePluginClient(`unix:${socketPath}`, credentials.createInsecure());
  const stream = client.listAndWatch({});
  const lists: ListAndWatchResponse[] = [];
  let wake = (): void => undefined;
  stream.on('data', (list: ListAndWatchResponse) => {
    lists.push(list);
    wake();
  });
  stream.on('error', () => undefined);
  return {
    next: async (isWanted) => {
      while (!lists.some(isWanted)) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    cancel: () => {
      stream.cancel();
      client.close();
    },
  };
}
