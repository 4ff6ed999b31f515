import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  type Device,
  type DevicePlugin,
  type PluginEvent,
  serveDevicePlugin,
  type ServedDevicePlugin,
  type ServeOptions,
} from '../../src/index.ts';
import { type FakeKubelet, type FakeKubeletOptions, startFakeKubelet } from '../../src/testing/index.ts';

export const resourceName = 'example.com/fuse';

/** A directory for a kubelet and its plugins, all of which end with it. */
export interface World extends AsyncDisposable {
  readonly directory: string;
  kubelet(options?: Omit<FakeKubeletOptions, 'directory'>): Promise<FakeKubelet>;
  /** @param plugin with two units, if nothing else is said */
  serve(plugin?: Partial<DevicePlugin>, options?: ServeOptions): Promise<ServedDevicePlugin & Telling>;
}

export interface Telling {
  readonly told: Told;
}

export function openWorld(): World {
  const ending = new AsyncDisposableStack();
  const directory = mkdtempSync(join(tmpdir(), 'kubelet-dp-'));
  ending.defer(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  return {
    directory,
    kubelet: async (options = {}) => ending.use(await startFakeKubelet({ directory, ...options })),
    serve: async (plugin = {}, options = {}) => {
      const told = new Told();
      const { onEvent } = told;
      const served = ending.use(
        await serveDevicePlugin(pluginOf(plugin), { directory, onEvent, ...options }),
      );
      return Object.create(served, { told: { value: told } }) as ServedDevicePlugin & Telling;
    },
    [Symbol.asyncDispose]: () => ending.disposeAsync(),
  };
}

/** `unit-0` and so on, all healthy. */
export function units(count: number): readonly Device[] {
  return Array.from({ length: count }, (_, index) => ({ id: `unit-${index}`, health: 'Healthy' }));
}

/** A plugin with two units, of which a test changes what matters to it. */
export function pluginOf(parts: Partial<DevicePlugin>): DevicePlugin {
  return {
    resourceName,
    async *devices() {
      yield await Promise.resolve(units(2));
    },
    allocate: ({ deviceIds }) => ({ envs: { UNITS: deviceIds.join(',') } }),
    ...parts,
  };
}

type EventOf<K extends PluginEvent['kind']> = Extract<PluginEvent, { readonly kind: K }>;

/** What a plugin told, for a test to wait for. */
export class Told {
  readonly events: PluginEvent[] = [];
  readonly #watchers = new Set<() => void>();

  readonly onEvent = (event: PluginEvent): void => {
    this.events.push(event);
    for (const look of [...this.#watchers]) look();
  };

  kinds(): readonly string[] {
    return this.events.map(({ kind }) => kind);
  }

  all<K extends PluginEvent['kind']>(kind: K): readonly EventOf<K>[] {
    return this.events.filter((event): event is EventOf<K> => event.kind === kind);
  }

  /** The event of that kind with that number, counted from 1, once it has come. */
  async wait<K extends PluginEvent['kind']>(kind: K, count = 1, withinMs = 5000): Promise<EventOf<K>> {
    const deadline = AbortSignal.timeout(withinMs);
    for (;;) {
      const found = this.all(kind)[count - 1];
      if (found !== undefined) return found;
      if (deadline.aborted)
        throw new Error(`no ${kind} ${count} in ${withinMs} ms: ${JSON.stringify(this.kinds())}`);
      const { promise, resolve } = Promise.withResolvers<undefined>();
      const wake = (): void => {
        resolve(undefined);
      };
      this.#watchers.add(wake);
      deadline.addEventListener('abort', wake, { once: true });
      await promise;
      this.#watchers.delete(wake);
      deadline.removeEventListener('abort', wake);
    }
  }
}
