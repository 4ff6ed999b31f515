import { readdir, stat } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { ListAndWatchResponse } from '../../src/generated/v1beta1.ts';
import { healthyDevices } from '../../src/testing/conformance/raw-plugin.ts';
import { kubeletBehaviour, startFakeKubelet } from '../../src/testing/index.ts';
import { openWorld, resourceName } from './world.ts';

describe('B65: the fake kubelet', () => {
  it('keeps the capacity of a plugin that went for five minutes', async () => {
    let now = 0;
    await using world = await openWorld({ now: () => now });
    const plugin = await world.plugin(3);
    await world.kubelet.waitForAllocatable(resourceName, 3);
    await plugin.stop();
    await world.kubelet.waitForAllocatable(resourceName, 0);
    now = 300_000;
    expect(world.kubelet.capacity(resourceName)).toBe(3);
    now = 300_001;
    expect(world.kubelet.capacity(resourceName)).toBe(0);
    expect(world.kubelet.allocatable(resourceName)).toBe(0);
  });

  it('knows nothing of a resource that was never listed', async () => {
    await using world = await openWorld();
    expect(world.kubelet.capacity(resourceName)).toBeUndefined();
    expect(world.kubelet.allocatable(resourceName)).toBeUndefined();
  });

  it('shows the devices as they were listed, and as unhealthy when the plugin is gone', async () => {
    await using world = await openWorld();
    const plugin = await world.plugin(1);
    await world.kubelet.waitForAllocatable(resourceName, 1);
    const device = { id: 'slot-0', health: 'Healthy', topology: undefined };
    expect(world.kubelet.devices(resourceName)).toEqual([device]);
    await plugin.stop();
    await world.kubelet.waitForAllocatable(resourceName, 0);
    expect(world.kubelet.devices(resourceName)).toEqual([{ ...device, health: 'Unhealthy' }]);
  });

  it('stops as a process dies: the socket stays but refuses, the node shows what it did', async () => {
    await using world = await openWorld();
    await world.plugin(2);
    const { kubelet } = world;
    await kubelet.waitForAllocatable(resourceName, 2);
    const before = await stat(kubelet.socketPath);
    await kubelet.stop();
    expect((await stat(kubelet.socketPath)).ino).toBe(before.ino);
    const [error] = (await once(createConnection(kubelet.socketPath), 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
    expect(kubelet.allocatable(resourceName)).toBe(2);
    await kubelet.start();
    expect(kubelet.allocatable(resourceName)).toBe(0);
    expect(await readdir(kubelet.directory)).toEqual(['DEPRECATION', 'kubelet.sock']);
  });

  it('does nothing when it is started while it runs', async () => {
    await using world = await openWorld();
    const before = world.kubelet.events.length;
    await world.kubelet.start();
    expect(world.kubelet.events.length).toBe(before);
  });

  it('tells of each list how many devices and bytes it had', async () => {
    await using world = await openWorld();
    const plugin = await world.plugin(1);
    await world.kubelet.waitForAllocatable(resourceName, 1);
    const devices = healthyDevices(3).map((device) => ({ ...device, topology: undefined }));
    plugin.list(devices.map((device, index) => ({ ...device, health: index === 0 ? 'Bad' : 'Healthy' })));
    await world.kubelet.waitForAllocatable(resourceName, 2);
    const all = devices.map((device, index) => (index === 0 ? { ...device, health: 'Bad' } : device));
    expect(world.kubelet.events.at(-1)).toMatchObject({
      kind: 'list',
      resourceName,
      endpoint: 'example.com_slot.sock',
      devices: 3,
      healthy: 2,
      bytes: ListAndWatchResponse.encode({ devices: all }).finish().length,
    });
  });

  it('tells with which status a stream ended', async () => {
    await using world = await openWorld();
    const plugin = await world.plugin(1);
    await world.kubelet.waitForAllocatable(resourceName, 1);
    plugin.list([{ id: 'x'.repeat(5_000_000), health: 'Healthy' }]);
    expect(await world.kubelet.waitForEvent('stream-ended')).toMatchObject({
      code: 'RESOURCE_EXHAUSTED',
      details: expect.stringContaining('larger than max') as string,
    });
    plugin.list(healthyDevices(1));
    await plugin.register();
    await world.kubelet.waitForAllocatable(resourceName, 1);
    const after = world.kubelet.events.length;
    plugin.endStreams();
    expect(await world.kubelet.waitForEvent('stream-ended', { after })).toMatchObject({ code: 'OK' });
  });

  it('says what it saw when a wait is in vain', async () => {
    await using world = await openWorld();
    await world.plugin(3);
    await world.kubelet.waitForAllocatable(resourceName, 3);
    await expect(world.kubelet.waitForAllocatable(resourceName, 4, { withinMs: 50 })).rejects.toThrow(
      /waited 50 ms in vain for allocatable example.com\/slot = 4: it is 3, of a capacity of 3.*"kind":"list"/s,
    );
    const waiting = world.kubelet.waitForEvent('list', {
      withinMs: 50,
      where: ({ devices }) => devices === 4,
    });
    await expect(waiting).rejects.toThrow('in vain for an event list');
  });

  it('refuses a directory in which its socket had too long a path', async () => {
    const directory = join('/tmp', 'd'.repeat(100));
    await expect(startFakeKubelet({ directory })).rejects.toThrow('at most 93 bytes');
  });

  it('does not reach a plugin whose path is too long for a socket', async () => {
    await using world = await openWorld();
    const { directory } = world.kubelet;
    const tooLong = `${'p'.repeat(107)}.sock`;
    // Where a plugin that is written with Node listens when it is given the long path.
    const cut = tooLong.slice(0, 107 - directory.length - 1);
    const plugin = await world.plugin(1, { endpoint: cut });
    await expect(plugin.register({ endpoint: tooLong })).rejects.toMatchObject({
      details: 'failed to dial device plugin: context deadline exceeded',
    });
  });

  it.each([
    ['1.17', { authority: 'socket-path', options: 'from-register', asksPreferred: false }],
    ['1.19', { asksPreferred: true, dialsBack: 'after-register' }],
    [
      '1.25',
      { authority: 'socket-path', dialsBack: 'inside-register', options: 'asked', streamEnd: 'newest' },
    ],
    ['1.32', { authority: 'localhost', streamEnd: 'newest', wipes: 'files' }],
    ['1.36', { streamEnd: 'newest', wipes: 'sockets' }],
    ['1.38', { streamEnd: 'each-socket', namesUnhealthy: true }],
  ] as const)('knows how %s behaves', (version, behaviour) => {
    expect(kubeletBehaviour(version)).toMatchObject(behaviour);
  });

  it.each(['1.16', '1.x', '2.0', '1.'])('refuses to be %s', (version) => {
    expect(() => kubeletBehaviour(version as '1.24')).toThrow('must be 1.17 or later, such as 1.37');
  });

  it('leaves nothing behind over 100 restarts', async () => {
    await using world = await openWorld();
    const descriptors = async (): Promise<number> => (await readdir('/proc/self/fd')).length;
    await world.kubelet.restart();
    const before = await descriptors();
    for (let round = 0; round < 100; round += 1) {
      await world.kubelet.restart();
      const plugin = await world.plugin(1, { endpoint: `slot-${round}.sock` });
      await world.kubelet.waitForAllocatable(resourceName, 1, { withinMs: 15_000 });
      await plugin.stop();
    }
    await expect.poll(descriptors, { timeout: 10_000 }).toBeLessThanOrEqual(before + 5);
  });
});
