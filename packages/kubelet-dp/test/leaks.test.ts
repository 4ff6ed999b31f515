import { getEventListeners } from 'node:events';
import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { expect, it } from 'vitest';

import { openWorld, resourceName } from './support/world.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

interface Holdings {
  readonly files: number;
  /** Handles and timers. */
  readonly resources: number;
  readonly listeners: number;
  readonly heapBytes: number;
}

/** What grows where something is not ended. */
function holdings(signal: AbortSignal): Holdings {
  collectGarbage();
  return {
    files: readdirSync('/proc/self/fd').length,
    resources: process.getActiveResourcesInfo().length,
    listeners: getEventListeners(signal, 'abort').length,
    heapBytes: process.memoryUsage().heapUsed,
  };
}

it('B62: nothing leaks over 1,000 restarts of the kubelet', { timeout: 120_000 }, async () => {
  await using world = openWorld();
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => {
    warnings.push(warning);
  };
  process.on('warning', onWarning);
  const kubelet = await world.kubelet();
  const { signal } = new AbortController();
  const { told } = await world.serve({}, { signal });
  const restart = async (): Promise<void> => {
    told.events.length = 0;
    await kubelet.restart();
    await told.wait('registered', 1, 30_000);
    await told.wait('list-sent', 1, 30_000);
    (kubelet.events as unknown[]).length = 0;
  };
  await kubelet.waitForAllocatable(resourceName, 2);
  for (let count = 0; count < 100; count += 1) await restart();
  const before = holdings(signal);
  for (let count = 0; count < 900; count += 1) await restart();
  const after = holdings(signal);
  process.off('warning', onWarning);
  expect(after.files).toBeLessThanOrEqual(before.files + 5);
  expect(after.resources).toBeLessThanOrEqual(before.resources + 5);
  expect(after.listeners).toBe(before.listeners);
  // 900 restarts that each kept a server would come to many megabytes.
  expect(after.heapBytes - before.heapBytes).toBeLessThan(4 * 1024 * 1024);
  expect(warnings).toEqual([]);
  expect(readdirSync(world.directory).filter((name) => name.startsWith('example.com_fuse'))).toHaveLength(1);
});
