import type { PoolAnswer } from '@bwki/device-plugin';

import { withTemporaryDirectory } from './with-temporary-directory.ts';

const resourceName = 'bitfusion.io/gpu';
/** What half a GPU counts. */
const units = 50;

/** What a node says of the resource after something has happened. */
export interface NodeStep {
  readonly event: string;
  readonly capacity: number;
  readonly allocatable: number;
  /** What else was seen. */
  readonly note?: string;
}

/**
 * The device plugin at a kubelet that behaves as the real one, on real sockets, in this process: what its node shows
 * while a pool is there, grows, is lost and comes back, and when the kubelet restarts.
 *
 * @param signal ends it between two steps
 */
export function tryDevicePlugin(signal: AbortSignal): Promise<readonly NodeStep[]> {
  return withTemporaryDirectory(async (directory) => {
    // Loaded here, so that no other command pays for it.
    const [{ startDevicePlugin }, { startFakeKubelet }, { createLog }] = await Promise.all([
      import('@bwki/device-plugin'),
      import('@bwki/kubelet-dp/testing'),
      import('@bwki/daemon'),
    ]);
    let answer: PoolAnswer = { kind: 'gpus', gpus: 4 };
    await using kubelet = await startFakeKubelet({ directory });
    await using plugin = await startDevicePlugin(
      {
        resourceName,
        socketName: 'bitfusion',
        directory,
        capacity: { kind: 'bitfusion', client: 'bitfusion', clientTimeoutMs: 1000, intervalMs: 20, nodes: 1 },
        host: '127.0.0.1',
        healthPort: 0,
        logLevel: 'silent',
      },
      {
        log: createLog('silent', { write: () => undefined }),
        signal,
        askPool: () => Promise.resolve(answer),
      },
    );
    const steps: NodeStep[] = [];
    const step = async (event: string, allocatable: number, note?: string): Promise<void> => {
      await kubelet.waitForAllocatable(resourceName, allocatable, { withinMs: 10_000 });
      const capacity = kubelet.capacity(resourceName) ?? 0;
      steps.push({ event, capacity, allocatable, ...(note === undefined ? {} : { note }) });
      signal.throwIfAborted();
    };

    await step('the plugin registers; the pool has 4 GPUs', 400);
    const { container } = await kubelet.allocate(resourceName, units);
    const variables = Object.entries(container.envs).map(([name, value]) => `${name}=${value}`);
    await step('a container takes half a GPU', 400, variables.join(' '));
    answer = { kind: 'gpus', gpus: 5 };
    await step('a GPU is added to the pool', 500);
    answer = { kind: 'unreachable', reason: 'no answer' };
    await step('the pool cannot be reached', 0, 'running pods stay, new ones wait');
    answer = { kind: 'gpus', gpus: 5 };
    await step('the pool answers again', 500);
    const before = performance.now();
    await kubelet.restart();
    await step(
      'the kubelet restarts',
      500,
      `registered again in ${(performance.now() - before).toFixed(0)} ms`,
    );
    await plugin[Symbol.asyncDispose]();
    await step('the plugin ends', 0);
    return steps;
  });
}
