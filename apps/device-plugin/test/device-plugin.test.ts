import { readdir } from 'node:fs/promises';

import { createLog, StartFault } from '@bwki/daemon';
import { describe, expect, it, vi } from 'vitest';

import type { PoolAnswer } from '../src/capacity/pool.ts';
import { type CapacityChoice, startDevicePlugin } from '../src/index.ts';
import { optionsFor, pluginAtKubelet, resourceName } from './running-plugin.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const poll = { timeout: 5000, interval: 20 };
/** Units that a kubelet can be sent a list of: `unit-0` to `unit-165591` take 4,194,282 of 4,194,304 bytes, all unhealthy. */
const most = 165_592;
const pool = (nodes: number): CapacityChoice & { readonly kind: 'bitfusion' } => ({
  kind: 'bitfusion',
  client: 'unused',
  clientTimeoutMs: 1000,
  intervalMs: 20,
  nodes,
});

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
      capacity: pool(1),
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
    await at.ready();
    expect(await at.status('/healthz')).toEqual([200, 'ok\n']);
    gpus = 2;
    await at.kubelet.waitForAllocatable(resourceName, 200);
    const lost = at.lines().filter(({ msg }) => msg === 'the pool cannot be reached');
    expect(lost).toHaveLength(1);
    expect(lost[0]).toMatchObject({ level: 'error', reason: 'no answer' });
  });

  it('B67: healthy and ready only while registered, also after the kubelet has restarted', async () => {
    await using at = await pluginAtKubelet();
    await at.ready();
    expect(await at.status('/healthz')).toEqual([200, 'ok\n']);
    await at.kubelet.stop();
    const reason = `bitfusion.io/gpu is not registered with the kubelet in ${at.directory}\n`;
    await vi.waitFor(async () => {
      expect(await at.status('/healthz')).toEqual([503, reason]);
    }, poll);
    expect(await at.status('/readyz')).toEqual([503, reason]);
    expect(await at.metric('bwki_plugin_registered')).toEqual(['bwki_plugin_registered 0']);
    await at.kubelet.start();
    await at.ready();
    expect(at.kubelet.allocatable(resourceName)).toBe(1000);
    expect(await at.metric('bwki_plugin_registrations_total')).toContain(
      'bwki_plugin_registrations_total{outcome="registered"} 2',
    );
  });

  it('B67: is not ready before the kubelet has a list, though it is registered', async () => {
    const answer = Promise.withResolvers<PoolAnswer>();
    await using at = await pluginAtKubelet({ capacity: pool(1), askPool: () => answer.promise });
    await vi.waitFor(async () => {
      expect(await at.status('/healthz')).toEqual([200, 'ok\n']);
    }, poll);
    const reason = `the kubelet in ${at.directory} has not been sent a list of bitfusion.io/gpu yet\n`;
    expect(await at.status('/readyz')).toEqual([503, reason]);
    answer.resolve({ kind: 'unreachable', reason: 'no answer' });
    await at.ready();
    expect(at.kubelet.capacity(resourceName)).toBe(0);
  });

  it('B67: is not ready while the pool has more units than can be listed; the kubelet keeps the last list', async () => {
    let gpus = 4;
    await using at = await pluginAtKubelet({
      capacity: pool(2),
      askPool: () => Promise.resolve({ kind: 'gpus', gpus }),
    });
    await at.kubelet.waitForAllocatable(resourceName, 200);
    // As if a client answered nonsense: no memory is taken for these.
    for (const [more, units, nodes] of [
      [4_000, '200000', 3],
      [1e12, '50000000000000', 603_893_908],
    ] as const) {
      gpus = more;
      const reason =
        `the kubelet is not sent the newest list of bitfusion.io/gpu: the pool has ${units} units for this node, ` +
        'and a kubelet receives lists of 4 MiB at most, which hold 165592: divide it with ' +
        `--capacityPerNode share and --nodes ${nodes} or more (DEVICE_LIST_TOO_LARGE)\n`;
      await vi.waitFor(async () => {
        expect(await at.status('/readyz')).toEqual([503, reason]);
      }, poll);
      // A new start of the plugin would change nothing.
      expect(await at.status('/healthz')).toEqual([200, 'ok\n']);
      expect(await at.metric('bwki_plugin_list_refused')).toEqual(['bwki_plugin_list_refused 1']);
      expect(at.kubelet.allocatable(resourceName)).toBe(200);
    }
    gpus = 6;
    await at.kubelet.waitForAllocatable(resourceName, 300);
    await at.ready();
    expect(await at.metric('bwki_plugin_list_refused')).toEqual(['bwki_plugin_list_refused 0']);
  });

  it('B66, B67: a kubelet takes as many units as --resourceNums may be at most, all unhealthy too', async () => {
    let isLost = false;
    await using at = await pluginAtKubelet({
      capacity: pool(25),
      askPool: () =>
        Promise.resolve(
          isLost ? { kind: 'unreachable', reason: 'no answer' } : { kind: 'gpus', gpus: most / 4 },
        ),
    });
    await at.kubelet.waitForAllocatable(resourceName, most, { withinMs: 20_000 });
    isLost = true;
    await at.kubelet.waitForAllocatable(resourceName, 0, { withinMs: 20_000 });
    expect(at.kubelet.capacity(resourceName)).toBe(most);
    await at.ready();
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
    [
      'a number of units',
      { capacity: { kind: 'static', units: most + 1 } },
      /^--resourceNums 165593: a kubelet receives .* hold 165592 units: set .*RESOURCE_NUMS.* to 165592 or less \(DEVICE_LIST_TOO_LARGE\)$/,
    ],
    [
      'far too many units',
      { capacity: { kind: 'static', units: 9e15 } },
      /^--resourceNums 9000000000000000: /,
    ],
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
