/** For `ServeOptions.clock`. */
export { type Clock, systemClock } from '@bwki/timing';

export type { ContainerAllocation, DeviceNode, Mount } from './container-allocation.ts';
export { devicePluginErrorCodes, type DevicePluginErrorCode } from './device-plugin-error-codes.ts';
export {
  DevicePluginError,
  type DevicePluginErrorOptions,
  type GrpcStatusName,
} from './device-plugin-error.ts';
export type { AllocateContainer, DevicePlugin, PreferContainer } from './device-plugin.ts';
export { DeviceStore } from './device-store.ts';
export type { Device, DeviceHealth } from './device.ts';
export { foldIds } from './fold-ids.ts';
export { fittingDevices } from './list-size.ts';
export type { CallEvent, LifeCycleEvent, ListEvent, PluginEvent } from './plugin-event.ts';
export { serveDevicePlugin } from './serve-device-plugin.ts';
export type { ServedDevicePlugin, ServeOptions } from './serve-options.ts';
