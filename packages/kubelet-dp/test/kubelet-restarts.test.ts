import { renameSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { describe, expect, it, onTestFinished, vi } from 'vitest';

import type { PluginEvent } from '../src/index.ts';
import { ManualClock } from './support/manual-clock.ts';
import { openWorld, resourceName, Told, units } from './support/world.ts';

describe('a kubelet that goes and comes', () => {
  it.each(['1.17', '1.25', '1.37'] as const)(
    'B62: registers again within a second of the new socket, version %s',
    async (version) => {
      await using world = openWorld();
      const kubelet = await world.kubelet({ version });
      const plugin = await world.serve();
      for (let count = 2; count <= 6; count += 1) {
        await plugin.told.wait('registered', count - 1);
        await kubelet.waitForAllocatable(resourceName, 2);
        const after = kubelet.events.length;
        await kubelet.restart();
        const restarted = await kubelet.waitForEvent('kubelet-started', { after });
        const registered = await kubelet.waitForEvent('registered', { after });
        expect(registered.at - restarted.at).toBeLessThan(1000);
      }
      await kubelet.waitForAllocatable(resourceName, 2);
      expect(plugin.told.all('kubelet-restarted')).toHaveLength(5);
    },
  );

  it('B62: is registered no longer while the kubelet is away, and says so once', async () => {
    await using world = openWorld();
    const kubelet = await world.kubelet();
    const plugin = await world.serve();
    await plugin.told.wait('registered');
    await plugin.told.wait('list-sent');
    await kubelet.stop();
    await plugin.told.wait('dropped');
    // Its socket stays behind and nobody serves it.
    expect((await plugin.told.wait('register-failed')).error.message).toContain('ECONNREFUSED');
    expect(plugin.isRegistered).toBe(false);
    rmSync(kubelet.socketPath);
    await plugin.told.wait('kubelet-missing');
    await delay(50);
    expect(plugin.told.all('kubelet-missing')).toHaveLength(1);
    await kubelet.start();
    await kubelet.waitForAllocatable(resourceName, 2);
  });

  it('B62: finds by looking what no event tells of', async () => {
    await using world = openWorld();
    // The events are those of the directory that is moved away, and nobody reads the list that could end.
    await mkdir(world.directory, { recursive: true });
    const kubelet = await world.kubelet();
    const noDial = kubelet.inject({ kind: 'no-dial-back' });
    const clock = new ManualClock();
    const plugin = await world.serve({}, { clock });
    await plugin.told.wait('registered');
    noDial[Symbol.dispose]();
    clock.advance(1000);
    await delay(20);
    expect(plugin.told.all('registered')).toHaveLength(1);
    clock.advance(15_000);
    await plugin.told.wait('dropped');
    clock.advance(250);
    await kubelet.waitForAllocatable(resourceName, 2);
  });

  it('B62: opens another socket when its own is removed, though the kubelet stays', async () => {
    await using world = openWorld();
    const kubelet = await world.kubelet();
    const plugin = await world.serve();
    await plugin.told.wait('registered');
    const { socketPath } = await plugin.told.wait('listening');
    rmSync(socketPath);
    expect(await plugin.told.wait('socket-lost')).toEqual({ kind: 'socket-lost', socketPath });
    await plugin.told.wait('registered', 2);
    await kubelet.waitForAllocatable(resourceName, 2);
    expect(plugin.told.all('kubelet-restarted')).toEqual([]);
  });

  it('B62: tells a socket of its own from another at the same path', async () => {
    await using world = openWorld();
    await world.kubelet();
    const plugin = await world.serve();
    await plugin.told.wait('registered');
    const { socketPath } = await plugin.told.wait('listening');
    await using other = createServer().listen(join(world.directory, 'other.sock'));
    await new Promise((resolve) => other.once('listening', resolve));
    renameSync(join(world.directory, 'other.sock'), socketPath);
    await plugin.told.wait('socket-lost');
    await plugin.told.wait('registered', 2);
  });

  // As a kubelet's start removes it, when the plugin calls the socket of the kubelet before.
  it.each(['1.24', '1.37'] as const)(
    'B62: waits for no answer about a socket that was removed meanwhile, version %s',
    async (version) => {
      await using world = openWorld();
      const kubelet = await world.kubelet({ version, dialTimeoutMs: 60_000 });
      const told = new Told();
      const onEvent = (event: PluginEvent): void => {
        // The first is found to have gone before anything is called; the second goes between that look and the call.
        if (event.kind === 'listening' && event.generation <= 2) rmSync(event.socketPath);
        told.onEvent(event);
      };
      await world.serve({}, { onEvent });
      await kubelet.waitForAllocatable(resourceName, 2);
      await vi.waitFor(() => {
        expect(told.all('registered').at(-1)?.generation).toBe(3);
      });
    },
  );

  it('B62: waits for no answer of a kubelet that has been replaced', async () => {
    await using world = openWorld();
    // A kubelet that takes calls and does not answer, as one that is about to end.
    const silent = createServer().listen(join(world.directory, 'kubelet.sock'));
    await new Promise((resolve) => silent.once('listening', resolve));
    const called = new Promise<Socket>((resolve) => silent.once('connection', resolve));
    const plugin = await world.serve();
    const connection = await called;
    onTestFinished(() => {
      connection.destroy();
      silent.close();
    });
    const kubelet = await world.kubelet();
    expect((await plugin.told.wait('register-failed', 1, 3000)).error.message).toMatch(
      /was (removed|replaced) meanwhile$/,
    );
    await kubelet.waitForAllocatable(resourceName, 2);
  });

  it('B62: survives that the whole directory is made anew', async () => {
    await using world = openWorld();
    const kubelet = await world.kubelet();
    const plugin = await world.serve({}, { pollMs: 50 });
    await plugin.told.wait('registered');
    await kubelet.stop();
    rmSync(world.directory, { recursive: true });
    expect((await plugin.told.wait('kubelet-missing')).socketPath).toBe(kubelet.socketPath);
    await delay(100);
    await kubelet.start();
    await kubelet.waitForAllocatable(resourceName, 2);
    const after = kubelet.events.length;
    await kubelet.restart();
    await kubelet.waitForEvent('registered', { after });
  });

  it('B62: comes back where the kubelet drops it, the slower the sooner that happens', async () => {
    await using world = openWorld();
    const kubelet = await world.kubelet();
    const clock = new ManualClock();
    const { told } = await world.serve({}, { clock });
    const waits: number[] = [];
    const drop = async (afterMs: number): Promise<void> => {
      await told.wait('registered', waits.length + 1);
      await told.wait('stream-opened', waits.length + 1);
      clock.advance(afterMs);
      kubelet.closeStream(resourceName);
      const { retryInMs } = await told.wait('dropped', waits.length + 1);
      waits.push(retryInMs);
      clock.advance(retryInMs);
    };
    for (const afterMs of [0, 1000, 0, 10_000, 0]) await drop(afterMs);
    expect(waits).toEqual([250, 500, 1000, 250, 500]);
  });

  it('B62: a jump of the date changes nothing', async () => {
    await using world = openWorld();
    const kubelet = await world.kubelet();
    const { told } = await world.serve();
    await told.wait('registered');
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      for (const [index, year] of [2060, 1980].entries()) {
        vi.setSystemTime(new Date(year, 0));
        await delay(20);
        expect(told.all('stream-ended')).toHaveLength(index);
        await kubelet.restart();
        await told.wait('registered', index + 2);
      }
    } finally {
      vi.useRealTimers();
    }
    await kubelet.waitForAllocatable(resourceName, 2);
    expect(told.all('register-failed')).toEqual([]);
  });
});

describe('two processes for one resource', () => {
  it.each(['1.24', '1.25', '1.32', '1.37'] as const)(
    'B62: the older one comes back when the newer one has gone: version %s',
    async (version) => {
      await using world = openWorld();
      const kubelet = await world.kubelet({ version });
      const older = await world.serve({}, { pollMs: 50 });
      await older.told.wait('registered');
      await kubelet.waitForAllocatable(resourceName, 2);
      const newer = await world.serve({ devices: () => listOf(3) }, { pollMs: 50 });
      await older.told.wait('superseded');
      await kubelet.waitForAllocatable(resourceName, 3);
      await newer.told.wait('registered');
      await newer[Symbol.asyncDispose]();
      await older.told.wait('successor-gone');
      await kubelet.waitForAllocatable(resourceName, 2);
      expect((await kubelet.allocate(resourceName, 1)).deviceIds).toHaveLength(1);
      expect(older.told.all('superseded')).toHaveLength(1);
    },
  );

  it.each(['1.24', '1.25', '1.32', '1.37'] as const)(
    'B62: the newer one stays when the older one ends: version %s',
    async (version) => {
      await using world = openWorld();
      const kubelet = await world.kubelet({ version });
      const older = await world.serve();
      // Kubelets before 1.25 answer before they dial: by now the older one is the one that they read.
      await older.told.wait('list-sent');
      await older.told.wait('registered');
      const newer = await world.serve({ devices: () => listOf(3) });
      await newer.told.wait('registered');
      await kubelet.waitForAllocatable(resourceName, 3);
      await older[Symbol.asyncDispose]();
      await delay(500);
      await kubelet.waitForAllocatable(resourceName, 3);
      expect(newer.told.all('superseded')).toEqual([]);
    },
  );

  it('B62: one that the kubelet drops leaves a newer one in charge', async () => {
    await using world = openWorld();
    const kubelet = await world.kubelet();
    kubelet.inject({ kind: 'no-dial-back' }, { times: 1 });
    const clock = new ManualClock();
    const older = await world.serve({}, { clock });
    await older.told.wait('registered');
    const newer = await world.serve();
    await older.told.wait('superseded');
    await newer.told.wait('registered');
    clock.advance(15_000);
    await older.told.wait('dropped');
    clock.advance(1000);
    await delay(100);
    expect(older.told.all('registered')).toHaveLength(1);
    expect(older.isRegistered).toBe(false);
    await newer[Symbol.asyncDispose]();
    await older.told.wait('registered', 2);
    await kubelet.waitForAllocatable(resourceName, 2);
  });
});

async function* listOf(count: number): AsyncGenerator<ReturnType<typeof units>> {
  yield await Promise.resolve(units(count));
}
