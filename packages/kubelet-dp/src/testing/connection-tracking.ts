import type { KubeletBehaviour } from './kubelet-versions.ts';
import type { DeviceManager, Endpoint } from './device-manager.ts';
import type { PluginConnection } from './plugin-connection.ts';

/** Whom the kubelet takes for connected, and what the end of a stream does to whom. */
export interface ConnectionTracking {
  /** Before the plugin is dialled. */
  add(connection: PluginConnection): void;
  /** Once it has answered. @throws Error when it is not taken */
  accept(connection: PluginConnection, endpoint: Endpoint): void;
  /** When it could not be reached, or was not taken. */
  drop(connection: PluginConnection): void;
  /** When its stream has ended. */
  streamEnded(connection: PluginConnection): void;
}

export function connectionTracking(
  kind: KubeletBehaviour['streamEnd'],
  manager: DeviceManager,
): ConnectionTracking {
  switch (kind) {
    case 'itself':
      return new EndsItself(manager);
    case 'newest':
      return new EndsNewest(manager);
    case 'each-socket':
      return new EndsEachSocket(manager);
  }
}

/** A stream's end counts if its plugin is still the newest. */
class EndsItself implements ConnectionTracking {
  readonly #manager: DeviceManager;
  readonly #endpoints = new Map<PluginConnection, Endpoint>();

  constructor(manager: DeviceManager) {
    this.#manager = manager;
  }

  add(): void {
    // Known from when it was reached.
  }

  accept(connection: PluginConnection, endpoint: Endpoint): void {
    this.#endpoints.set(connection, endpoint);
    this.#manager.useEndpoint(connection.resourceName, endpoint);
  }

  drop(): void {
    // It was never known.
  }

  streamEnded(connection: PluginConnection): void {
    const endpoint = this.#endpoints.get(connection);
    if (endpoint === undefined) return;
    this.#endpoints.delete(connection);
    this.#manager.stop(endpoint);
    const { resourceName } = connection;
    if (this.#manager.endpoint(resourceName) === endpoint) this.#manager.markUnhealthy(resourceName);
  }
}

/** One client a resource: the end of an older one's stream disconnects the newest (kubernetes/kubernetes#121994). */
class EndsNewest implements ConnectionTracking {
  readonly #manager: DeviceManager;
  readonly #clients = new Map<string, PluginConnection>();

  constructor(manager: DeviceManager) {
    this.#manager = manager;
  }

  add(connection: PluginConnection): void {
    this.#clients.set(connection.resourceName, connection);
  }

  accept(connection: PluginConnection, endpoint: Endpoint): void {
    this.#manager.useEndpoint(connection.resourceName, endpoint);
  }

  /** So a registration that fails also makes the kubelet blind to the end of the plugin before. */
  drop(connection: PluginConnection): void {
    this.#clients.delete(connection.resourceName);
  }

  streamEnded({ resourceName }: PluginConnection): void {
    const newest = this.#clients.get(resourceName);
    if (newest === undefined) return;
    this.#clients.delete(resourceName);
    newest.close();
    const endpoint = this.#manager.endpoint(resourceName);
    if (endpoint === undefined) return;
    this.#manager.markUnhealthy(resourceName);
    this.#manager.stop(endpoint);
  }
}

/** A client a socket: the resource ends with the last of its plugins, and one that goes leaves its place to another. */
class EndsEachSocket implements ConnectionTracking {
  readonly #manager: DeviceManager;
  readonly #clients = new Map<string, readonly PluginConnection[]>();
  /** By resource and socket. */
  readonly #endpoints = new Map<string, Map<string, Endpoint>>();

  constructor(manager: DeviceManager) {
    this.#manager = manager;
  }

  add(connection: PluginConnection): void {
    this.#clients.set(connection.resourceName, [...this.#clientsOf(connection), connection]);
  }

  accept(connection: PluginConnection, endpoint: Endpoint): void {
    const { resourceName, socketPath } = connection;
    const sockets = this.#endpoints.get(resourceName) ?? new Map<string, Endpoint>();
    this.#endpoints.set(resourceName, sockets);
    if (sockets.has(socketPath)) throw new Error(`device plugin already connected: ${socketPath}`);
    sockets.set(socketPath, endpoint);
    this.#manager.useEndpoint(resourceName, endpoint);
  }

  /** Forgets by socket: a second registration of a live socket takes the first one with it, and its end is not seen. */
  drop({ resourceName, socketPath }: PluginConnection): void {
    const others = this.#clientsOf({ resourceName }).filter((client) => client.socketPath !== socketPath);
    this.#clients.set(resourceName, others);
  }

  streamEnded(connection: PluginConnection): void {
    const { resourceName, socketPath } = connection;
    const client = this.#clientsOf(connection).find((one) => one.socketPath === socketPath);
    if (client === undefined) return;
    this.drop(client);
    client.close();
    const sockets = this.#endpoints.get(resourceName);
    const endpoint = sockets?.get(socketPath);
    if (sockets === undefined || endpoint === undefined) return;
    this.#manager.stop(endpoint);
    sockets.delete(socketPath);
    const [remaining] = sockets.values();
    if (remaining === undefined) this.#manager.markUnhealthy(resourceName);
    else this.#manager.useEndpoint(resourceName, remaining);
  }

  #clientsOf({ resourceName }: { readonly resourceName: string }): readonly PluginConnection[] {
    return this.#clients.get(resourceName) ?? [];
  }
}
