import { once } from 'node:events';

import { credentials } from '@grpc/grpc-js';
import { expect, it, vi } from 'vitest';

import { DevicePluginClient } from '../src/generated/v1beta1.ts';
import { openWorld } from './support/world.ts';

it('B64: tells the plugin when the kubelet gives a call up', async () => {
  await using world = openWorld();
  const asked = Promise.withResolvers<AbortSignal>();
  const plugin = await world.serve({
    allocate: async ({ signal }) => {
      asked.resolve(signal);
      await once(signal, 'abort');
      return {};
    },
  });
  const { socketPath } = await plugin.told.wait('listening');
  const client = new DevicePluginClient(`unix:${socketPath}`, credentials.createInsecure());
  const call = client.allocate({ containerRequests: [{ deviceIds: ['unit-0'] }] }, () => undefined);
  const signal = await asked.promise;
  expect(signal.aborted).toBe(false);
  call.cancel();
  await vi.waitFor(() => {
    expect(signal.aborted).toBe(true);
  }, 5000);
  client.close();
});
