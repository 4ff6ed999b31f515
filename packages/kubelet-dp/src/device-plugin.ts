import type { ContainerAllocation } from './container-allocation.ts';
import type { Device } from './device.ts';

/**
 * What somebody writes to offer a resource on a node; registration, restarts, streams and limits are
 * `serveDevicePlugin`'s.
 */
export interface DevicePlugin {
  /** `example.com/fuse`: a domain that is not Kubernetes' own, and a name of up to 63 characters. */
  readonly resourceName: string;
  /**
   * The whole list each time, first as it stands and then whenever it changes; after the last change it may end. Read
   * once, whatever the kubelet does, and again only after it threw. Lists that come faster than they can be sent are
   * skipped, the last one never is. `DeviceStore` is one. A list may be made while it is read, which ends with the first
   * device that does not fit.
   */
  devices(signal: AbortSignal): AsyncIterable<Iterable<Device>>;
  /**
   * What a container needs to use the devices. The ids are in the list and healthy. What it throws fails the
   * container's start with its message; a `DevicePluginError` also chooses the gRPC status.
   */
  allocate(request: AllocateContainer): ContainerAllocation | Promise<ContainerAllocation>;
  /** Which of the free devices are best given together; only a hint, and left out where any will do. */
  preferred?(request: PreferContainer): readonly string[] | Promise<readonly string[]>;
  /** Done each time before a container starts, within 30 seconds; left out where nothing is to do. */
  preStart?(request: AllocateContainer): void | Promise<void>;
}

export interface AllocateContainer {
  readonly deviceIds: readonly string[];
  /** Aborted when the kubelet gives the call up or the plugin ends. */
  readonly signal: AbortSignal;
}

export interface PreferContainer {
  readonly availableIds: readonly string[];
  /** A part of what is available, which the answer has to hold. */
  readonly mustIncludeIds: readonly string[];
  /** How many ids the answer should have. */
  readonly size: number;
  readonly signal: AbortSignal;
}
