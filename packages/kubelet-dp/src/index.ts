export type { ContainerAllocation, DeviceNode, Mount } from './container-allocation.ts';
export type { AllocateContainer, DevicePlugin, PreferContainer } from './device-plugin.ts';
export type { Device, DeviceHealth } from './device.ts';
