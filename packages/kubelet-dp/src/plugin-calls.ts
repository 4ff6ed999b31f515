import { checkPreference } from './check-preference.ts';
import { checkedAllocation } from './checked-allocation.ts';
import type { DeviceList } from './device-list.ts';
import { toDevicePluginError } from './device-plugin-error.ts';
import type { DevicePlugin, PreferContainer } from './device-plugin.ts';
import type {
  AllocateRequest,
  AllocateResponse,
  ContainerAllocateResponse,
  DevicePluginOptions,
  PreferredAllocationRequest,
  PreferredAllocationResponse,
  PreStartContainerRequest,
  PreStartContainerResponse,
} from './generated/v1beta1.ts';
import type { Latest } from './latest.ts';
import type { CallEvent } from './plugin-event.ts';

export interface PluginCallsOptions {
  readonly plugin: DevicePlugin;
  readonly lists: Latest<DeviceList>;
  readonly emit: (event: CallEvent) => void;
}

/** What the plugin answers to the kubelet's calls, apart from the list (B64). */
export class PluginCalls {
  readonly #plugin: DevicePlugin;
  readonly #lists: Latest<DeviceList>;
  readonly #emit: (event: CallEvent) => void;

  constructor({ plugin, lists, emit }: PluginCallsOptions) {
    this.#plugin = plugin;
    this.#lists = lists;
    this.#emit = emit;
  }

  options(): DevicePluginOptions {
    return {
      preStartRequired: this.#plugin.preStart !== undefined,
      getPreferredAllocationAvailable: this.#plugin.preferred !== undefined,
    };
  }

  async allocate({ containerRequests }: AllocateRequest, signal: AbortSignal): Promise<AllocateResponse> {
    const deviceIds = containerRequests.flatMap((container) => container.deviceIds);
    try {
      this.#lists.entry?.value.checkAllocatable(deviceIds);
      const containerResponses: ContainerAllocateResponse[] = [];
      for (const container of containerRequests) {
        const allocation = await this.#plugin.allocate({ deviceIds: container.deviceIds, signal });
        containerResponses.push(checkedAllocation(allocation));
      }
      this.#emit({ kind: 'allocated', containers: containerRequests.length, deviceIds });
      return { containerResponses };
    } catch (thrown) {
      const error = toDevicePluginError(thrown, 'DEVICE_CALL_FAILED');
      this.#emit({ kind: 'allocate-failed', deviceIds, error });
      throw error;
    }
  }

  /** A hint that is none is left out: as an error it would keep the pod from starting. */
  async preferred(
    { containerRequests }: PreferredAllocationRequest,
    signal: AbortSignal,
  ): Promise<PreferredAllocationResponse> {
    const containerResponses: { deviceIds: string[] }[] = [];
    for (const { availableDeviceIds, mustIncludeDeviceIds, allocationSize } of containerRequests) {
      const deviceIds = await this.#preferredOf({
        availableIds: availableDeviceIds,
        mustIncludeIds: mustIncludeDeviceIds,
        size: allocationSize,
        signal,
      });
      containerResponses.push({ deviceIds: [...deviceIds] });
    }
    return { containerResponses };
  }

  async #preferredOf(request: PreferContainer): Promise<readonly string[]> {
    try {
      const deviceIds = (await this.#plugin.preferred?.(request)) ?? [];
      if (this.#plugin.preferred !== undefined) checkPreference(deviceIds, request);
      return deviceIds;
    } catch (thrown) {
      this.#emit({ kind: 'preferred-failed', error: toDevicePluginError(thrown, 'DEVICE_CALL_FAILED') });
      return [];
    }
  }

  async preStart(
    { deviceIds }: PreStartContainerRequest,
    signal: AbortSignal,
  ): Promise<PreStartContainerResponse> {
    try {
      await this.#plugin.preStart?.({ deviceIds, signal });
      this.#emit({ kind: 'pre-started', deviceIds });
      return {};
    } catch (thrown) {
      const error = toDevicePluginError(thrown, 'DEVICE_CALL_FAILED');
      this.#emit({ kind: 'pre-start-failed', deviceIds, error });
      throw error;
    }
  }
}
