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
  constructor(devices: Iterable<Device>) {
    const byId = checkedDevices(devices);
    const list = [...byId.values()];
    this.#health = new Map(list.map(({ id, health }) => [id, health]));
    this.healthy = list.reduce((sum, { health }) => sum + (health === 'Healthy' ? 1 : 0), 0);
    this.message = encoded(list);
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

/** Reads no more devices than fit, however many there are. */
function checkedDevices(devices: Iterable<Device>): ReadonlyMap<string, Device> {
  const byId = new Map<string, Device>();
  let bytes = 0;
  for (const device of devices) {
    const fault = faultOfDevice(device, byId.size);
    if (fault !== undefined) throw fault;
    if (byId.has(device.id)) throw duplicateId(device.id);
    bytes += deviceBytes(device);
    if (bytes > maxListBytes) throw tooLarge(byId.size);
    byId.set(device.id, device);
  }
  return byId;
}

function tooLarge(fitting: number): DevicePluginError {
  return new DevicePluginError(
    'DEVICE_LIST_TOO_LARGE',
    `the list takes more than the ${maxListBytes} bytes that a kubelet receives: its first ${fitting} devices fit; ` +
      'offer fewer, or give them shorter ids',
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
