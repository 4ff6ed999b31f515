import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';

import type { KubeletUnderTest } from './kubelet-under-test.ts';

/** Looks again until `check` passes or the kubelet's patience is at an end; rejects with its last complaint. */
export async function eventually(
  kubelet: KubeletUnderTest,
  check: () => Promise<void> | void,
): Promise<void> {
  const deadline = performance.now() + kubelet.patienceMs;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await delay(20);
  }
}

/** What the node shows in the end: capacity, and of that what is healthy. */
export async function showsEventually(
  kubelet: KubeletUnderTest,
  resourceName: string,
  expected: { readonly capacity: number; readonly allocatable: number },
): Promise<void> {
  await eventually(kubelet, async () => {
    const capacity = await kubelet.capacity(resourceName);
    const allocatable = await kubelet.allocatable(resourceName);
    assert.deepEqual({ capacity, allocatable }, expected, resourceName);
  });
}
