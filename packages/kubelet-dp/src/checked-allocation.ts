import type { ContainerAllocation, DeviceNode, Mount } from './container-allocation.ts';
import { DevicePluginError } from './device-plugin-error.ts';
import type { ContainerAllocateResponse } from './generated/v1beta1.ts';

/**
 * What a plugin gives to a container, as the kubelet is told.
 * @throws DevicePluginError DEVICE_ALLOCATION_INVALID for what the kubelet would pass on and the container runtime
 *   would stumble over
 */
export function checkedAllocation(allocation: ContainerAllocation): ContainerAllocateResponse {
  const { envs = {}, mounts = [], devices = [], annotations = {}, cdiDevices = [] } = allocation;
  return {
    envs: checkedTexts('envs', envs),
    mounts: mounts.map(checkedMount),
    devices: devices.map(checkedNode),
    annotations: checkedTexts('annotations', annotations),
    cdiDevices: cdiDevices.map(checkedCdiName),
  };
}

function checkedTexts(field: string, texts: Readonly<Record<string, string>>): Record<string, string> {
  for (const [key, value] of Object.entries(texts)) {
    if (key === '') throw invalid(`${field} has an empty name`);
    if (typeof value !== 'string') throw invalid(`${field}[${key}] is ${typeof value}: make it a string`);
  }
  return { ...texts };
}

function checkedMount({ hostPath, containerPath, readOnly = true }: Mount, index: number): Required<Mount> {
  checkPath(`mounts[${index}].hostPath`, hostPath);
  checkPath(`mounts[${index}].containerPath`, containerPath);
  return { hostPath, containerPath, readOnly };
}

function checkedNode(
  { hostPath, containerPath = hostPath, permissions = 'rw' }: DeviceNode,
  index: number,
): Required<DeviceNode> {
  checkPath(`devices[${index}].hostPath`, hostPath);
  checkPath(`devices[${index}].containerPath`, containerPath);
  if (!/^(?!.*(.).*\1)[rwm]+$/.test(permissions)) {
    const shown = JSON.stringify(permissions);
    throw invalid(`devices[${index}].permissions is ${shown}: use some of r, w and m, each once`);
  }
  return { hostPath, containerPath, permissions };
}

function checkPath(field: string, path: string): void {
  if (typeof path === 'string' && path.startsWith('/')) return;
  throw invalid(`${field} is ${JSON.stringify(path)}: give the path from the root`);
}

function checkedCdiName(name: string, index: number): { readonly name: string } {
  if (/^[^/=\s]+\/[^/=\s]+=[^=\s]+$/.test(name)) return { name };
  throw invalid(`cdiDevices[${index}] is ${JSON.stringify(name)}: write vendor.com/class=name`);
}

function invalid(fault: string): DevicePluginError {
  const message = `the plugin's answer cannot be given to a container: ${fault}`;
  return new DevicePluginError('DEVICE_ALLOCATION_INVALID', message, { status: 'INTERNAL' });
}
