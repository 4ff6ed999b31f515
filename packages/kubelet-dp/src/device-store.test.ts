import { describe, expect, it } from 'vitest';

import type { Device } from './device.ts';
import { DeviceStore } from './device-store.ts';

const a: Device = { id: 'a', health: 'Healthy' };
const b: Device = { id: 'b', health: 'Healthy', numaNodes: [1] };

describe('DeviceStore', () => {
  it('B63: gives each reader the list as it stands, and then the last of several changes', async () => {
    const store = new DeviceStore([a, b]);
    const readers = [store[Symbol.asyncIterator](), store[Symbol.asyncIterator]()];
    for (const reader of readers) expect(await reader.next()).toEqual({ done: false, value: [a, b] });
    const waiting = readers[0]?.next();
    store.setHealth('a', 'Unhealthy');
    store.setHealth('b', 'Unhealthy');
    store.setHealth('a', 'Healthy');
    const changed = { done: false, value: [a, { ...b, health: 'Unhealthy' }] };
    expect(await waiting).toEqual(changed);
    expect(await readers[1]?.next()).toEqual(changed);
  });

  it('B63: tells of no change where there is none', async () => {
    const store = new DeviceStore([a]);
    const reader = store[Symbol.asyncIterator]();
    await reader.next();
    store.setHealth('a', 'Healthy');
    store.setHealthOfAll('Healthy');
    const next = reader.next();
    const first = await Promise.race([next, new Promise((resolve) => setTimeout(resolve, 10, 'nothing'))]);
    expect(first).toBe('nothing');
    store.setHealthOfAll('Unhealthy');
    expect(await next).toEqual({ done: false, value: [{ ...a, health: 'Unhealthy' }] });
  });

  it('ends a reader that waits, and not the others', async () => {
    const store = new DeviceStore();
    const reader = store[Symbol.asyncIterator]();
    await reader.next();
    const waiting = reader.next();
    await reader.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    store.set([a]);
    expect(await reader.next()).toEqual({ done: true, value: undefined });
    expect(await store[Symbol.asyncIterator]().next()).toEqual({ done: false, value: [a] });
  });

  it('keeps a list that it gave, and its devices where new ones have an id twice', () => {
    const store = new DeviceStore([a, b]);
    const list = store.list();
    expect(() => {
      store.set([b, b]);
    }).toThrow(expect.objectContaining({ code: 'DEVICE_ID_DUPLICATE' }));
    expect(store.list()).toBe(list);
    store.setHealth('b', 'Unhealthy');
    expect(list).toEqual([a, b]);
    expect(store.get('b')?.health).toBe('Unhealthy');
    expect(store.size).toBe(2);
  });

  it('knows the devices that it was given', () => {
    const store = new DeviceStore([a]);
    expect(() => {
      store.setHealth('z', 'Healthy');
    }).toThrow(expect.objectContaining({ code: 'DEVICE_UNKNOWN', message: 'there is no device "z"' }));
  });
});
