import { readdir } from 'node:fs/promises';

import { createLog, StartFault } from '@bwki/daemon';
import { describe, expect, it, vi } from 'vitest';

import { startDevicePlugin } from '../src/index.ts';
import { optionsFor, pluginAtKubelet, resourceName } from './running-plugin.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const poll = { timeout: 5000, interval: 20 };

describe('the device plugin at a kubelet', () => {
  it.each(['1.37', '1.24'] as const)(
    'B66: kubelet %s sees the 1000 units of the original',
    async (version) => {
      await using at = await pluginAtKubelet({ version });
      await at.kubelet.waitForAllocatable(resourceName, 1000);
      expect(at.kubelet.capacity(resourceName)).toBe(1000);
      expect(at.kubelet.devices(resourceName)[0]).toMatchObject({ id: 'unit-0', health: 'Healthy' });
    },
  );

  it('B66: a container gets the number of its units and nothing else', async () => {
    await using at = await pluginAtKubelet();
    await at.kubelet.waitForAllocatable(resourceName, 1000);
    const { container } = await at.kubelet.allocate(resourceName, 50);
    expect(container).toEqual({
      envs: { BITFUSION_GPU_UNITS: '50' },
      mounts: [],
      devices: [],
      annotations: {},
      cdiDevices: [],
    });
    const line = at.lines().find(({ msg }) => msg === 'allocated');
    expect(line).toMatchObject({
      level: 'info',
      units: 50,
      ids: expect.stringMatching(/^unit-\d+/) as string,
    });
    expect(await at.metric('bwki_plugin_allocated_units_total')).toEqual([
      'bwki_plugin_allocated_units_total 50',
    ]);
  });

  it('B66: the units follow the pool up and down, and turn unhealthy while it is lost', async () => {
    let gpus: number | undefined = 4;
    await using at = await pluginAtKubelet({
      capacity: { kind: 'bitfusion', client: 'unused', clientTimeoutMs: 1000, intervalMs: 20, nodes: 1 },
      askPool: () =>
        Promise.resolve(
          gpus === undefined ? { kind: 'unreachable', reason: 'no answer' } : { kind: 'gpus', gpus },
        ),
    });
    await at.kubelet.waitForAllocatable(resourceName, 400);
    gpus = 5;
    await at.kubelet.waitForAllocatable(resourceName, 500);
    gpus = undefined;
    await at.kubelet.waitForAllocatable(resourceName, 0);
    expect(at.kubelet.capacity(resourceName)).toBe(500);
    expect(await at.metric('bwki_units')).toEqual([
      'bwki_units{state="healthy"} 0',
      'bwki_units{state="unhealthy"} 500',
    ]);
    // The kubelet still knows it: the pool's loss is not the plugin's.
    expect(await at.status('/healthz')).toEqual([200, 'ok\n']);
    gpus = 2;
    await at.kubelet.waitForAllocatable(resourceName, 200);
    const lost = at.lines().filter(({ msg }) => msg === 'the pool cannot be reached');
    expect(lost).toHaveLength(1);
    expect(lost[0]).toMatchObject({ level: 'error', reason: 'no answer' });
  });

  it('B67: healthy and ready only while registered, also after the kubelet has restarted', async () => {
    await using at = await pluginAtKubelet();
    await at.kubelet.waitForAllocatable(resourceName, 1000);
    expect(await at.status('/healthz')).toEqual([200, 'ok\n']);
    await at.kubelet.stop();
    const reason = `bitfusion.io/gpu is not registered with the kubelet in ${at.directory}\n`;
    await vi.waitFor(async () => {
      expect(await at.status('/healthz')).toEqual([503, reason]);
    }, poll);
    expect(await at.status('/readyz')).toEqual([503, reason]);
    expect(await at.metric('bwki_plugin_registered')).toEqual(['bwki_plugin_registered 0']);
    await at.kubelet.start();
    await at.kubelet.waitForAllocatable(resourceName, 1000);
    expect(await at.status('/readyz')).toEqual([200, 'ok\n']);
    expect(await at.metric('bwki_plugin_registrations_total')).toContain(
      'bwki_plugin_registrations_total{outcome="registered"} 2',
    );
  });

  it('B67: leaves neither socket nor units behind', async () => {
    await using at = await pluginAtKubelet();
    await at.kubelet.waitForAllocatable(resourceName, 1000);
    await at.plugin[Symbol.asyncDispose]();
    await at.kubelet.waitForAllocatable(resourceName, 0);
    expect((await readdir(at.directory)).filter((name) => name.startsWith('bitfusion'))).toEqual([]);
  });
});

describe('the device plugin that cannot start', () => {
  const start = async (changes: object): Promise<unknown> => {
    await using directory = await temporaryDirectory();
    const started = startDevicePlugin(
      { ...optionsFor(directory.path), ...changes },
      { log: createLog('silent', { write: () => undefined }), signal: new AbortController().signal },
    );
    const [ended] = await Promise.allSettled([started]);
    if (ended.status === 'fulfilled') return 'started';
    return ended.reason instanceof StartFault ? ended.reason.faults : ended.reason;
  };

  it.each([
    ['a resource name', { resourceName: 'gpu' }, /gpu.*DEVICE_RESOURCE_NAME_INVALID/],
    ['a directory that is not there', { directory: '/nowhere' }, /nowhere.*DEVICE_DIRECTORY_MISSING/],
    ['a socket path', { socketName: 'x'.repeat(120) }, /107.*DEVICE_SOCKET_PATH_TOO_LONG/],
    ['a port', { host: '192.0.2.1' }, /^--healthPort: 192\.0\.2\.1:0 cannot be opened/],
  ])('B67: says what is wrong: %s', async (_what, changes, text) => {
    expect(await start(changes)).toEqual([expect.stringMatching(text)]);
  });

  it('B67: a start that is told to end rejects with the reason, and leaves nothing', async () => {
    await using directory = await temporaryDirectory();
    const reason = new Error('told to end');
    const started = startDevicePlugin(optionsFor(directory.path), {
      log: createLog('silent', { write: () => undefined }),
      signal: AbortSignal.abort(reason),
    });
    await expect(started).rejects.toBe(reason);
    expect(await readdir(directory.path)).toEqual([]);
  });
});
