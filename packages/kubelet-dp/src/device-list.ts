import type { Device, DeviceHealth } from './device.ts';
import { duplicateId, faultOfDevice } from './device-faults.ts';
import { DevicePluginError } from './device-plugin-error.ts';
import { foldIds } from './fold-ids.ts';
import { ListAndWatchResponse } from './generated/v1beta1.ts';
import { deviceBytes, maxListBytes } from './list-size.ts';

/** A list of devices that the kubelet can take, with what it takes to answer for it. */
export class DeviceList {
  readonly healthy: number;
  /** As it is sent: encoded once, for all who read it. */
  readonly message: Buffer;
  readonly #health: ReadonlyMap<string, DeviceHealth>;

  /** @throws DevicePluginError that says which device is at fault, or how many of them fit */
  constructor(devices: readonly Device[]) {
    this.#health = checkedHealth(devices);
    this.healthy = devices.reduce((sum, { health }) => sum + (health === 'Healthy' ? 1 : 0), 0);
    this.message = encoded(devices);
  }

  get size(): number {
    return this.#health.size;
  }

  /** @throws DevicePluginError DEVICE_UNKNOWN or DEVICE_UNHEALTHY, with the status that the kubelet is answered with */
  checkAllocatable(ids: readonly string[]): void {
    const unknown = ids.filter((id) => !this.#health.has(id));
    if (unknown.length > 0) {
      throw new DevicePluginError('DEVICE_UNKNOWN', `there are no devices ${foldIds(unknown)}`, {
        status: 'INVALID_ARGUMENT',
      });
    }
    const unhealthy = ids.filter((id) => this.#health.get(id) !== 'Healthy');
    if (unhealthy.length > 0) {
      throw new DevicePluginError('DEVICE_UNHEALTHY', `the devices ${foldIds(unhealthy)} are not healthy`, {
        status: 'FAILED_PRECONDITION',
      });
    }
  }
}

function checkedHealth(devices: readonly Device[]): ReadonlyMap<string, DeviceHealth> {
  const health = new Map<string, DeviceHealth>();
  let bytes = 0;
  for (const [index, device] of devices.entries()) {
    const fault = faultOfDevice(device, index);
    if (fault !== undefined) throw fault;
    if (health.has(device.id)) throw duplicateId(device.id);
    health.set(device.id, device.health);
    bytes += deviceBytes(device);
    if (bytes > maxListBytes) throw tooLarge(devices, index);
  }
  return health;
}

function tooLarge(devices: readonly Device[], fitting: number): DevicePluginError {
  const bytes = devices.reduce((sum, device) => sum + deviceBytes(device), 0);
  return new DevicePluginError(
    'DEVICE_LIST_TOO_LARGE',
    `${devices.length} devices take up to ${bytes} bytes, of which a kubelet receives ${maxListBytes}: ` +
      `the first ${fitting} fit; offer fewer, or give them shorter ids`,
  );
}

function encoded(devices: readonly Device[]): Buffer {
  const response = ListAndWatchResponse.encode({
    devices: devices.map(({ id, health, numaNodes = [] }) => ({
      id,
      health,
      topology: numaNodes.length === 0 ? undefined : { nodes: numaNodes.map((node) => ({ id: node })) },
    })),
  });
  return Buffer.from(response.finish());
}
