import { credentials, type ServiceError, status } from '@grpc/grpc-js';

import {
  type AllocateResponse,
  DevicePluginClient,
  type DevicePluginOptions,
  type PreferredAllocationResponse,
  type PreStartContainerResponse,
} from '../../src/generated/v1beta1.ts';
import type { Told } from './world.ts';

/** The name of the status and its message, or the answer. */
export type Answer<T> = T | readonly [status: string, details: string];

/** Asks a plugin as a kubelet does. */
export interface PluginClient extends Disposable {
  allocate(...containers: readonly (readonly string[])[]): Promise<Answer<AllocateResponse>>;
  preferred(
    available: readonly string[],
    must: readonly string[],
    size: number,
  ): Promise<Answer<PreferredAllocationResponse>>;
  preStart(ids: readonly string[]): Promise<Answer<PreStartContainerResponse>>;
  options(): Promise<Answer<DevicePluginOptions>>;
}

/** @param plugin whose list is made once this resolves */
export async function openClient({ told }: { readonly told: Told }): Promise<PluginClient> {
  const { socketPath } = await told.wait('listening');
  const client = new DevicePluginClient(`unix:${socketPath}`, credentials.createInsecure());
  const reading = client.listAndWatch({});
  reading.on('error', () => undefined);
  await new Promise((resolve) => reading.once('data', resolve));
  return {
    allocate: (...containers) =>
      answered((respond) =>
        client.allocate({ containerRequests: containers.map((ids) => ({ deviceIds: [...ids] })) }, respond),
      ),
    preferred: (available, must, size) => {
      const container = {
        availableDeviceIds: [...available],
        mustIncludeDeviceIds: [...must],
        allocationSize: size,
      };
      return answered((respond) =>
        client.getPreferredAllocation({ containerRequests: [container] }, respond),
      );
    },
    preStart: (ids) => answered((respond) => client.preStartContainer({ deviceIds: [...ids] }, respond)),
    options: () => answered((respond) => client.getDevicePluginOptions({}, respond)),
    [Symbol.dispose]: () => {
      reading.cancel();
      client.close();
    },
  };
}

function answered<T>(
  call: (respond: (error: ServiceError | null, response: T) => void) => unknown,
): Promise<Answer<T>> {
  return new Promise((resolve) => {
    call((error, response) => {
      resolve(error === null ? response : [status[error.code], error.details]);
    });
  });
}
