import { describe, expect, it } from 'vitest';

import type { Device } from './device.ts';
import { DeviceList } from './device-list.ts';
import { deviceBytes } from './list-size.ts';

const unhealthy = (id: string, numaNodes: readonly number[] = []): Device => ({
  id,
  health: 'Unhealthy',
  numaNodes,
});

describe('the size of a device in a list', () => {
  it.each([
    unhealthy('a'),
    unhealthy('a'.repeat(12)),
    unhealthy('a'.repeat(44)),
    unhealthy('a'.repeat(63)),
    unhealthy('a'.repeat(116)),
    unhealthy('a'.repeat(127)),
    unhealthy('a'.repeat(128)),
    unhealthy('a'.repeat(20_000)),
    unhealthy('ä€𝄞'),
    unhealthy('a', [0]),
    unhealthy('a', [0, 1, 127, 128, 300]),
    unhealthy('a', [2 ** 31, Number.MAX_SAFE_INTEGER]),
    unhealthy(
      'a',
      Array.from({ length: 100 }, (_, node) => node),
    ),
  ])('B63: is that of its encoding: $id.length, $numaNodes', (device) => {
    expect(deviceBytes(device)).toBe(new DeviceList([device]).message.length);
    expect(deviceBytes({ ...device, health: 'Healthy' })).toBe(deviceBytes(device));
  });

  it.each([
    [12, 27],
    [44, 59],
    [63, 78],
  ])('B63: of %i bytes of id is %i bytes', (idBytes, bytes) => {
    expect(deviceBytes(unhealthy('x'.repeat(idBytes)))).toBe(bytes);
  });
});
