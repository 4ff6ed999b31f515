import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { checkPreference } from '../src/check-preference.ts';
import { checkedAllocation } from '../src/checked-allocation.ts';
import { DeviceList } from '../src/device-list.ts';
import { type Device, DevicePluginError, type DevicePluginErrorCode, systemClock } from '../src/index.ts';
import { listenFault } from '../src/listen-fault.ts';
import { checkResourceName } from '../src/resource-name.ts';
import { SocketNames } from '../src/socket-name.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/errors.md'), 'utf8');

const healthy = (id: string): Device => ({ id, health: 'Healthy' });
const names = (stem: string): unknown =>
  new SocketNames({
    directory: '/var/lib/kubelet/device-plugins',
    stem,
    resourceName: 'example.com/fuse',
    clock: systemClock,
  });
const listening = async (path: string, code: string): Promise<never> => {
  throw await listenFault(path, Object.assign(new Error(code), { code }));
};

/** What brings about the example of each code; the texts of the others come from a kubelet or a plugin. */
const faults: Partial<Record<DevicePluginErrorCode, () => unknown>> = {
  DEVICE_RESOURCE_NAME_INVALID: () => {
    checkResourceName('fuse');
  },
  DEVICE_SOCKET_NAME_INVALID: () => names('run/fuse'),
  DEVICE_SOCKET_PATH_TOO_LONG: () => names('a-stem-that-is-much-longer-than-any-stem-has-to-be-ever'),
  DEVICE_DIRECTORY_MISSING: () => listening('/nowhere/fuse.sock', 'EACCES'),
  DEVICE_LISTEN_FAILED: () => listening('/tmp/fuse.sock', 'EMFILE'),
  DEVICE_ID_INVALID: () => new DeviceList([healthy('a'), healthy('')]),
  DEVICE_ID_DUPLICATE: () => new DeviceList([healthy('gpu-0'), healthy('gpu-0')]),
  DEVICE_HEALTH_INVALID: () => new DeviceList([{ id: 'gpu-0', health: 'ok' as 'Healthy' }]),
  DEVICE_NUMA_INVALID: () => new DeviceList([{ ...healthy('gpu-0'), numaNodes: [-1] }]),
  DEVICE_LIST_TOO_LARGE: () =>
    new DeviceList(Array.from({ length: 155_345 }, (_, i) => healthy(`u${String(i).padStart(11, '0')}`))),
  DEVICE_UNKNOWN: () => {
    new DeviceList([]).checkAllocatable(['gpu-7', 'gpu-0', 'gpu-1', 'gpu-2', 'gpu-3']);
  },
  DEVICE_UNHEALTHY: () => {
    const ids = ['gpu-0', 'gpu-1', 'gpu-2', 'gpu-3'];
    new DeviceList(ids.map((id) => ({ id, health: 'Unhealthy' }))).checkAllocatable(ids);
  },
  DEVICE_ALLOCATION_INVALID: () =>
    checkedAllocation({ mounts: [{ hostPath: 'etc', containerPath: '/etc' }] }),
  DEVICE_PREFERENCE_INVALID: () => {
    checkPreference(['a'], { availableIds: ['a', 'b'], mustIncludeIds: [], size: 2 });
  },
};

describe('docs/errors.md', () => {
  it.each(Object.entries(faults))('B61: says what is said of %s', async (code, bringAbout) => {
    const [, said] = new RegExp(`^### \`${code}\`\n(?:(?!#).*\n)*# (.*)$`, 'm').exec(page) ?? [];
    const error: unknown = await Promise.resolve()
      .then(bringAbout)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DevicePluginError);
    expect(error).toMatchObject({ code, message: said });
  });
});
