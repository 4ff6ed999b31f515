import { performance } from 'node:perf_hooks';

import { describe, expect, it } from 'vitest';

import { healthyDevices } from '../../src/testing/conformance/raw-plugin.ts';
import { openWorld, resourceName } from './world.ts';

describe('B65: faults of the fake kubelet', () => {
  it('refuses Register with the message that is given, so often as is said', async () => {
    await using world = await openWorld();
    world.kubelet.inject({ kind: 'refuse-register', message: 'not today' }, { times: 1 });
    await expect(world.plugin(1)).rejects.toMatchObject({ code: 2, details: 'not today' });
    expect(world.kubelet.events.at(-1)).toMatchObject({
      kind: 'register-refused',
      resourceName,
      endpoint: 'example.com_slot.sock',
      message: 'not today',
    });
    await world.plugin(1);
    await world.kubelet.waitForAllocatable(resourceName, 1);
  });

  it('ends a fault that is disposed of, and leaves other resources alone', async () => {
    await using world = await openWorld();
    const others = world.kubelet.inject(
      { kind: 'refuse-register', message: 'no' },
      { resourceName: 'a.b/c' },
    );
    const all = world.kubelet.inject({ kind: 'refuse-register', message: 'no' });
    await expect(world.plugin(1)).rejects.toThrow('no');
    all[Symbol.dispose]();
    await world.plugin(1);
    others[Symbol.dispose]();
  });

  it('answers Register late', async () => {
    await using world = await openWorld();
    world.kubelet.inject({ kind: 'delay-register', milliseconds: 200 });
    const started = performance.now();
    await world.plugin(1);
    expect(performance.now() - started).toBeGreaterThanOrEqual(199);
  });

  it('answers Register but never dials', async () => {
    await using world = await openWorld();
    world.kubelet.inject({ kind: 'no-dial-back' });
    const plugin = await world.plugin(1);
    await expect(world.kubelet.waitForAllocatable(resourceName, 1, { withinMs: 200 })).rejects.toThrow();
    expect(plugin.calls).toMatchObject({ options: [], listAndWatch: [] });
  });

  it('fails to get the options', async () => {
    await using world = await openWorld();
    world.kubelet.inject({ kind: 'fail-options', message: 'broken' });
    await expect(world.plugin(1)).rejects.toMatchObject({
      details: 'failed to get device plugin options: broken',
    });
  });

  it('cuts the connection in the middle of a list', async () => {
    await using world = await openWorld();
    world.kubelet.inject({ kind: 'cut-connection', afterBytes: 50_000 }, { times: 1 });
    // Of 20 bytes and more each.
    const plugin = await world.plugin(10_000);
    const { code } = await world.kubelet.waitForEvent('stream-ended');
    expect(code).toBe('UNAVAILABLE');
    expect(world.kubelet.events.filter(({ kind }) => kind === 'list')).toEqual([]);
    await plugin.register();
    await world.kubelet.waitForAllocatable(resourceName, 10_000);
  });

  it('leaves a list after the first unread, and reads on when that ends', async () => {
    await using world = await openWorld();
    const plugin = await world.plugin(1);
    await world.kubelet.waitForAllocatable(resourceName, 1);
    const unread = world.kubelet.stopReading(resourceName);
    for (let count = 2; count <= 50; count += 1) plugin.list(healthyDevices(count));
    await expect(world.kubelet.waitForAllocatable(resourceName, 2, { withinMs: 200 })).rejects.toThrow();
    expect(world.kubelet.allocatable(resourceName)).toBe(1);
    unread[Symbol.dispose]();
    await world.kubelet.waitForAllocatable(resourceName, 50);
  });

  it('makes itself felt by flow control while it does not read', async () => {
    await using world = await openWorld();
    const plugin = await world.plugin(1);
    await world.kubelet.waitForAllocatable(resourceName, 1);
    world.kubelet.stopReading(resourceName);
    for (let count = 0; count < 20; count += 1) plugin.list(healthyDevices(5000));
    await expect.poll(() => plugin.unsentLists).toBeGreaterThan(10);
  });

  it('closes a stream; the resource ends and the plugin is told', async () => {
    await using world = await openWorld();
    const plugin = await world.plugin(2);
    await world.kubelet.waitForAllocatable(resourceName, 2);
    world.kubelet.closeStream(resourceName);
    await world.kubelet.waitForAllocatable(resourceName, 0);
    expect(await world.kubelet.waitForEvent('stream-ended')).toMatchObject({ code: 'CANCELLED' });
    await expect.poll(() => plugin.openStreams).toBe(0);
  });
});
