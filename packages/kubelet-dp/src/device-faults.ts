import type { Device } from './device.ts';
import { DevicePluginError } from './device-plugin-error.ts';

export function duplicateId(id: string): DevicePluginError {
  return new DevicePluginError(
    'DEVICE_ID_DUPLICATE',
    `two devices have the id ${JSON.stringify(id)}, which the kubelet would take for one: give each an id of its own`,
  );
}

/**
 * Devices may come from JSON or from JavaScript, so their types are not taken for granted.
 * @param index where in the list it is, for a device that has no id to name it by
 */
export function faultOfDevice(
  { id, health, numaNodes = [] }: Device,
  index: number,
): DevicePluginError | undefined {
  if (typeof id !== 'string' || id === '') {
    const message = `device ${index} of the list has the id ${JSON.stringify(id)}: give it a text that is not empty`;
    return new DevicePluginError('DEVICE_ID_INVALID', message);
  }
  const name = `the device ${JSON.stringify(id)}`;
  if (!['Healthy', 'Unhealthy'].includes(health)) {
    const message = `${name} has the health ${JSON.stringify(health)}: the kubelet knows "Healthy" and "Unhealthy"`;
    return new DevicePluginError('DEVICE_HEALTH_INVALID', message);
  }
  const strange = numaNodes.find((node) => !Number.isSafeInteger(node) || node < 0);
  if (strange === undefined) return undefined;
  const message = `${name} is said to be near to the NUMA node ${strange}: nodes are numbered 0, 1, 2 and so on`;
  return new DevicePluginError('DEVICE_NUMA_INVALID', message);
}
