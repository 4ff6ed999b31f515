import { describe, expect, it } from 'vitest';

import { noContainerAllocation } from '../../src/testing/conformance/raw-plugin.ts';
import { AllocationError } from '../../src/testing/index.ts';
import { openWorld, resourceName } from './world.ts';

describe('B65: allocation by the fake kubelet', () => {
  it('gives the ids that a test names, if they are free', async () => {
    await using world = await openWorld();
    await world.plugin(3);
    const { kubelet } = world;
    await kubelet.waitForAllocatable(resourceName, 3);
    const { deviceIds, free } = await kubelet.allocate(resourceName, ['slot-2', 'slot-0']);
    expect(deviceIds).toEqual(['slot-2', 'slot-0']);
    await expect(kubelet.allocate(resourceName, ['slot-0'])).rejects.toThrow(
      'Allocate failed due to not free, or not healthy: slot-0, which is unexpected',
    );
    free();
    free();
    expect((await kubelet.allocate(resourceName, ['slot-0'])).deviceIds).toEqual(['slot-0']);
  });

  it('gives what the plugin answers, and records both outcomes', async () => {
    await using world = await openWorld();
    const { kubelet } = world;
    const envs = { SLOT: 'one' };
    await world.plugin(1, { allocate: () => [{ ...noContainerAllocation, envs }] });
    await kubelet.waitForAllocatable(resourceName, 1);
    const { container } = await kubelet.allocate(resourceName, 1);
    expect(container).toEqual({ ...noContainerAllocation, envs });
    await expect(kubelet.allocate(resourceName, 1)).rejects.toThrow(AllocationError);
    expect(kubelet.events.slice(-2)).toMatchObject([
      { kind: 'allocated', deviceIds: ['slot-0'] },
      {
        kind: 'allocate-failed',
        message:
          'Allocate failed due to requested number of devices unavailable for example.com/slot. ' +
          'Requested: 1, Available: 0, which is unexpected',
      },
    ]);
  });

  it.each([
    ['1.24', "can't allocate unregistered device"],
    ['1.37', 'cannot allocate unregistered device'],
  ] as const)('%s says of a resource that nobody listed: %s', async (version, message) => {
    await using world = await openWorld({ version });
    await expect(world.kubelet.allocate(resourceName, 1)).rejects.toThrow(message);
  });

  it.each([
    ['1.24', 'requested number of devices unavailable for'],
    ['1.37', 'no healthy devices present; cannot allocate unhealthy devices'],
  ] as const)('%s says of a plugin that is gone: %s', async (version, message) => {
    await using world = await openWorld({ version });
    const plugin = await world.plugin(1);
    await world.kubelet.waitForAllocatable(resourceName, 1);
    await plugin.stop();
    await world.kubelet.waitForAllocatable(resourceName, 0);
    await expect(world.kubelet.allocate(resourceName, 1)).rejects.toThrow(message);
  });

  it('keeps what is in use over a restart', async () => {
    await using world = await openWorld();
    await world.plugin(2, { endpoint: 'one.sock' });
    const { kubelet } = world;
    await kubelet.waitForAllocatable(resourceName, 2);
    const { free } = await kubelet.allocate(resourceName, ['slot-0']);
    await kubelet.restart();
    await world.plugin(2, { endpoint: 'two.sock' });
    await kubelet.waitForAllocatable(resourceName, 2);
    expect((await kubelet.allocate(resourceName, 1)).deviceIds).toEqual(['slot-1']);
    free();
    expect((await kubelet.allocate(resourceName, 1)).deviceIds).toEqual(['slot-0']);
  });

  it('asks PreStartContainer at each start of the container', async () => {
    await using world = await openWorld();
    const { kubelet } = world;
    const plugin = await world.plugin(1, { options: { preStartRequired: true } });
    await kubelet.waitForAllocatable(resourceName, 1);
    const { restartContainer } = await kubelet.allocate(resourceName, 1);
    await restartContainer();
    expect(plugin.calls.preStart).toEqual([{ deviceIds: ['slot-0'] }, { deviceIds: ['slot-0'] }]);
  });

  it('asks for no preference before 1.19', async () => {
    await using world = await openWorld({ version: '1.18' });
    const { kubelet } = world;
    const plugin = await world.plugin(2, { options: { getPreferredAllocationAvailable: true } });
    await kubelet.waitForAllocatable(resourceName, 2);
    await kubelet.allocate(resourceName, 1);
    expect(plugin.calls.preferred).toEqual([]);
  });
});
