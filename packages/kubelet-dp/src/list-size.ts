import type { Device } from './device.ts';

/** What a kubelet's gRPC client receives in one message: 4 MiB. */
export const maxListBytes: number = 4 * 1024 * 1024;

const unhealthyBytes = 'Unhealthy'.length;

/**
 * How many bytes a device takes in an encoded list at most, which is while it is "Unhealthy": a list whose devices
 * fit so never grows too long by their health (B63).
 */
export function deviceBytes({ id, numaNodes = [] }: Device): number {
  const nodes = numaNodes.reduce((sum, node) => sum + fieldBytes(node === 0 ? 0 : 1 + varintBytes(node)), 0);
  const topology = numaNodes.length === 0 ? 0 : fieldBytes(nodes);
  return fieldBytes(fieldBytes(Buffer.byteLength(id)) + fieldBytes(unhealthyBytes) + topology);
}

/**
 * How many of the devices, from the first on, fit into a list that a kubelet receives. Reads no further than that, so
 * that there may be any number of them.
 */
export function fittingDevices(devices: Iterable<Device>): number {
  let bytes = 0;
  let count = 0;
  for (const device of devices) {
    bytes += deviceBytes(device);
    if (bytes > maxListBytes) break;
    count += 1;
  }
  return count;
}

/** A field of text or of a message: its number, its length and itself. All field numbers are below 16. */
function fieldBytes(length: number): number {
  return 1 + varintBytes(length) + length;
}

/** @param value a whole number from 0 to 2^53-1 */
function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 0x80; rest /= 0x80) bytes += 1;
  return bytes;
}
