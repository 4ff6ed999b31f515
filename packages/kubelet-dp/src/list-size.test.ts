import { describe, expect, it } from 'vitest';

import type { Device } from './device.ts';
import { DeviceList } from './device-list.ts';
import { deviceBytes, fittingDevices, maxListBytes } from './list-size.ts';

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

describe('how many devices fit', () => {
  const numbered = (count: number, numaNodes?: readonly number[]): readonly Device[] =>
    Array.from({ length: count }, (_, index) => unhealthy(`unit-${index}`, numaNodes));

  it.each([
    { ids: 'of growing length', numaNodes: undefined, most: 165_592 },
    { ids: 'with a topology', numaNodes: [0, 1], most: 126_629 },
  ])('B63: $ids: all of them by their encoding, and not one more', ({ numaNodes, most }) => {
    const fitting = numbered(most, numaNodes);
    expect(fittingDevices(fitting)).toBe(most);
    expect(new DeviceList(fitting).message.length).toBeLessThanOrEqual(maxListBytes);
    const more = numbered(most + 1, numaNodes);
    expect(fittingDevices(more)).toBe(most);
    expect(() => new DeviceList(more)).toThrow(`its first ${most} devices fit`);
    // What is refused would be too large indeed: the two halves, whose encodings add up.
    const half = most >> 1;
    const bytes = [more.slice(0, half), more.slice(half)].map((part) => new DeviceList(part).message.length);
    expect(bytes.reduce((sum, part) => sum + part, 0)).toBeGreaterThan(maxListBytes);
  });

  it('B63: a list of exactly 4 MiB fits, one of a byte more does not', () => {
    const full = [...numbered(165_592), unhealthy('x'.repeat(7))];
    expect(fittingDevices(full)).toBe(165_593);
    expect(new DeviceList(full).message).toHaveLength(4_194_304);
    const over = [...numbered(165_592), unhealthy('x'.repeat(8))];
    expect(fittingDevices(over)).toBe(165_592);
    expect(() => new DeviceList(over)).toThrow('its first 165592 devices fit');
  });
});
