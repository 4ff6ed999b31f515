import { setTimeout as delay } from 'node:timers/promises';

import { describe, expect, it, onTestFinished } from 'vitest';

import { openWorld, resourceName } from '../support/world.ts';

const restarts = 120;

/** Errors that would end a process which does not listen to them. */
function unhandledErrors(): readonly unknown[] {
  const errors: unknown[] = [];
  const onError = (error: unknown): void => {
    errors.push(error);
  };
  process.on('unhandledRejection', onError);
  onTestFinished(() => {
    process.off('unhandledRejection', onError);
  });
  return errors;
}

describe('a fake kubelet that restarts during a registration', () => {
  it.each(['1.17', '1.25', '1.37'] as const)(
    'B65: leaves no unhandled error, at whatever step of it, version %s',
    async (version) => {
      const errors = unhandledErrors();
      await using world = openWorld();
      const kubelet = await world.kubelet({ version });
      await world.serve();
      // A registration takes some 10 ms: each of its steps is met by some of the pauses.
      for (let count = 0; count < restarts; count += 1) {
        await kubelet.restart();
        await delay(count % 12);
      }
      await kubelet.waitForAllocatable(resourceName, 2);
      expect(errors).toEqual([]);
    },
  );

  it('B65: has no event of a registration after the end of the process that it was begun with', async () => {
    await using world = openWorld();
    const kubelet = await world.kubelet();
    await world.serve();
    for (let count = 0; count < restarts; count += 1) {
      await kubelet.stop();
      const stopped = kubelet.events.length;
      await delay(3);
      expect(kubelet.events.slice(stopped)).toEqual([]);
      await kubelet.start();
      await delay(count % 12);
    }
  });
});
