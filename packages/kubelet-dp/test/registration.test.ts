import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { DevicePluginError, DeviceStore } from '../src/index.ts';
import { ManualClock } from './support/manual-clock.ts';
import { openWorld, resourceName } from './support/world.ts';

function sockets(directory: string): readonly string[] {
  return readdirSync(directory).filter((name) => name.endsWith('.sock') && name !== 'kubelet.sock');
}

describe('registration', () => {
  it.each(['1.17', '1.24', '1.25', '1.32', '1.37'] as const)(
    'B61: listens, registers and is read by a kubelet of version %s',
    async (version) => {
      await using world = openWorld();
      const kubelet = await world.kubelet({ version });
      const plugin = await world.serve();
      expect(plugin.told.kinds()).toEqual(['listening']);
      await kubelet.waitForAllocatable(resourceName, 2);
      await plugin.registered();
      expect(plugin.isRegistered).toBe(true);
      const { endpoint } = await kubelet.waitForEvent('registered');
      expect(endpoint).toMatch(/^example\.com_fuse\.[0-9a-f]{4}\.[0-9a-f]{6}\.1\.sock$/);
      expect(sockets(world.directory)).toEqual([endpoint]);
    },
  );

  it('B61: is registered once that resolves, and listed once the kubelet has a list', async () => {
    await using world = openWorld();
    const lists = new DeviceStore();
    let give = (): void => undefined;
    const given = new Promise<undefined>((resolve) => {
      give = () => {
        resolve(undefined);
      };
    });
    const plugin = await world.serve({
      async *devices() {
        await given;
        yield* lists;
      },
    });
    const waiting = plugin.registered();
    expect([plugin.isRegistered, plugin.isListed]).toEqual([false, false]);
    const kubelet = await world.kubelet();
    await waiting;
    await plugin.told.wait('stream-opened');
    expect([plugin.isRegistered, plugin.isListed]).toEqual([true, false]);
    give();
    await plugin.told.wait('list-sent');
    expect([plugin.isRegistered, plugin.isListed]).toEqual([true, true]);
    await kubelet.stop();
    await plugin.told.wait('stream-ended');
    expect(plugin.isListed).toBe(false);
  });

  it('B61: who waits for the registration is told when the wait or the plugin ends', async () => {
    await using world = openWorld();
    const plugin = await world.serve();
    const reason = new Error('no longer');
    await expect(plugin.registered(AbortSignal.abort(reason))).rejects.toBe(reason);
    const waiting = expect(plugin.registered()).rejects.toThrow('the plugin of example.com/fuse has ended');
    await plugin[Symbol.asyncDispose]();
    await waiting;
    await expect(plugin.registered()).rejects.toThrow('has ended');
  });

  it('B61: gives each server a name of its own and closes it before the next one registers', async () => {
    await using world = openWorld();
    const kubelet = await world.kubelet();
    const { told } = await world.serve({}, { socketName: 'fuse' });
    for (let count = 1; count <= 3; count += 1) {
      await told.wait('registered', count);
      await told.wait('stream-opened', count);
      expect(sockets(world.directory)).toHaveLength(1);
      kubelet.closeStream(resourceName);
      await told.wait('dropped', count);
    }
    const paths = told.all('listening').map(({ socketPath }) => socketPath);
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths.filter((path) => path.startsWith(join(world.directory, 'fuse.')))).toEqual(paths);
  });

  it('B61: leaves no socket and no stream behind', async () => {
    await using world = openWorld();
    const kubelet = await world.kubelet();
    const plugin = await world.serve();
    await plugin.told.wait('list-sent');
    await plugin.told.wait('registered');
    await plugin[Symbol.asyncDispose]();
    expect(plugin.told.kinds().slice(-2)).toEqual(['stream-ended', 'stopped']);
    expect(plugin.told.all('stream-ended')).toEqual([{ kind: 'stream-ended', stream: 1, endedBy: 'plugin' }]);
    expect(sockets(world.directory)).toEqual([]);
    await kubelet.waitForAllocatable(resourceName, 0);
  });

  it('B61: ends with its signal', async () => {
    await using world = openWorld();
    const controller = new AbortController();
    const { signal } = controller;
    const plugin = await world.serve({}, { signal });
    controller.abort();
    await plugin.ended;
    expect(sockets(world.directory)).toEqual([]);
    await expect(world.serve({}, { signal })).rejects.toThrow('aborted');
  });

  it('B61: removes the sockets that an earlier process left, and no others', async () => {
    await using world = openWorld();
    const { told } = await world.serve({}, { socketName: 'fuse' });
    const { socketPath: alive } = await told.wait('listening');
    const dead = alive.replace(/[0-9a-f]{6}(?=\.1\.sock$)/, '0a0b0c');
    const foreign = join(world.directory, 'fuse.0000.0a0b0c.1.sock');
    for (const socketPath of [dead, foreign]) leaveSocket(socketPath);
    mkdirSync(dead.replace('.1.sock', '.2.sock'));

    const next = await world.serve({}, { socketName: 'fuse' });
    expect(await next.told.wait('stale-socket-removed')).toMatchObject({ socketPath: dead });
    expect([dead, foreign, alive].map((socketPath) => existsSync(socketPath))).toEqual([false, true, true]);
  });

  it.each([
    {
      fault: 'a name that is not an extended resource',
      plugin: { resourceName: 'kubernetes.io/x' },
      options: {},
      code: 'DEVICE_RESOURCE_NAME_INVALID',
    },
    { fault: 'a path for a name', options: { socketName: 'a/b' }, code: 'DEVICE_SOCKET_NAME_INVALID' },
    {
      fault: 'too long a path',
      options: { socketName: 'x'.repeat(80) },
      code: 'DEVICE_SOCKET_PATH_TOO_LONG',
    },
    { fault: 'no directory', options: { directory: '/nowhere' }, code: 'DEVICE_DIRECTORY_MISSING' },
    { fault: 'a file', options: { directory: '/etc/passwd' }, code: 'DEVICE_DIRECTORY_MISSING' },
    {
      fault: 'a directory without sockets',
      options: { directory: '/proc' },
      code: 'DEVICE_DIRECTORY_DENIED',
    },
  ])('B61: does not begin with $fault: $code', async ({ plugin = {}, options, code }) => {
    await using world = openWorld();
    const serving = world.serve(plugin, options);
    await expect(serving).rejects.toMatchObject({ code });
    await expect(serving).rejects.toBeInstanceOf(DevicePluginError);
    expect(readdirSync(world.directory)).toEqual([]);
  });

  it.runIf(process.getuid?.() === 0)('B61: says so to a user to whom the directory is closed', async () => {
    await using world = openWorld();
    chmodSync(world.directory, 0o755);
    const program = `
      const { serveDevicePlugin } = await import(process.argv[1]);
      process.setuid(65534);
      const plugin = { resourceName: 'example.com/fuse', async *devices() { yield []; }, allocate: () => ({}) };
      const error = await serveDevicePlugin(plugin, { directory: process.argv[2] }).catch((error) => error);
      console.log(error.code + ': ' + error.message);
    `;
    const said = execFileSync(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        program,
        join(import.meta.dirname, '../src/index.ts'),
        world.directory,
      ],
      { encoding: 'utf8' },
    );
    expect(said).toBe(
      `DEVICE_DIRECTORY_DENIED: no socket can be made in ${world.directory} (EACCES): ` +
        'run as its owner, root, and mount it writable\n',
    );
    expect(readdirSync(world.directory)).toEqual([]);
  });

  it('B62: waits for a kubelet that is not there, and says so once', async () => {
    await using world = openWorld();
    const clock = new ManualClock();
    const plugin = await world.serve({}, { clock });
    await plugin.told.wait('kubelet-missing');
    for (let second = 0; second < 5; second += 1) {
      clock.advance(1000);
      await delay(10);
    }
    expect(plugin.told.kinds()).toEqual(['listening', 'list-accepted', 'kubelet-missing']);
    expect(plugin.isRegistered).toBe(false);
    const kubelet = await world.kubelet();
    await plugin.told.wait('registered');
    await kubelet.waitForAllocatable(resourceName, 2);
  });

  it('B62: tells what a kubelet says that refuses, and comes back later and later, until one is new', async () => {
    await using world = openWorld();
    const kubelet = await world.kubelet();
    const refusal = kubelet.inject({ kind: 'refuse-register', message: 'not on this node' });
    const clock = new ManualClock();
    const { told } = await world.serve({}, { clock });
    const waits: number[] = [];
    for (let count = 1; count <= 9; count += 1) {
      const { error, retryInMs } = await told.wait('register-failed', count);
      expect(error).toMatchObject({
        code: 'DEVICE_REGISTER_FAILED',
        message: `the kubelet at ${kubelet.socketPath} did not take the registration: not on this node`,
      });
      waits.push(retryInMs);
      clock.advance(retryInMs - 1);
      await delay(5);
      expect(told.all('register-failed')).toHaveLength(count);
      clock.advance(1);
    }
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    await told.wait('register-failed', 10);
    refusal[Symbol.dispose]();
    await kubelet.restart();
    await told.wait('registered');
    await kubelet.waitForAllocatable(resourceName, 2);
  });
});

/** As a process leaves it that is killed. */
function leaveSocket(path: string): void {
  const program = 'require("net").createServer().listen(process.argv[1], () => process.exit())';
  execFileSync(process.execPath, ['-e', program, path]);
}
