import type { ContainerAllocateResponse } from '../generated/v1beta1.ts';
import type { DeviceManager, Endpoint } from './device-manager.ts';
import type { KubeletBehaviour } from './kubelet-versions.ts';
import type { PluginConnection } from './plugin-connection.ts';

/** What a container of a pod holds until it is given back. */
export interface Allocation {
  readonly resourceName: string;
  readonly deviceIds: readonly string[];
  /** The plugin's answer. */
  readonly container: ContainerAllocateResponse;
  /** Asks `PreStartContainer` again, as when a container is started once more. @throws AllocationError */
  readonly restartContainer: () => Promise<void>;
  /** As when the pod is deleted; a second time does nothing. */
  readonly free: () => void;
}

/** A pod that the kubelet does not start; the message is the one that its status shows. */
export class AllocationError extends Error {
  override readonly name = 'AllocationError';
}

/** The part of the kubelet that gives devices to containers, one container and one resource at a time. */
export class Allocator {
  readonly #manager: DeviceManager;
  readonly #behaviour: KubeletBehaviour;
  /** Ids in use, by resource; they outlive a kubelet. */
  readonly #inUse: Map<string, Set<string>>;
  #last: Promise<unknown> = Promise.resolve();

  constructor(manager: DeviceManager, behaviour: KubeletBehaviour, inUse: Map<string, Set<string>>) {
    this.#manager = manager;
    this.#behaviour = behaviour;
    this.#inUse = inUse;
  }

  /** One pod after the other, so that a plugin that does not answer holds up all. @throws AllocationError */
  async allocate(resourceName: string, wanted: number | readonly string[]): Promise<Allocation> {
    const turn = this.#last.then(async () => this.#allocate(resourceName, wanted));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #allocate(resourceName: string, wanted: number | readonly string[]): Promise<Allocation> {
    const deviceIds = await admitting(() => this.#choose(resourceName, wanted));
    const free = (): void => {
      for (const id of deviceIds.splice(0)) this.#used(resourceName).delete(id);
    };
    const given = [...deviceIds];
    try {
      const container = await admitting(async () => this.#ask(resourceName, given));
      const restartContainer = async (): Promise<void> => this.#preStart(resourceName, given);
      await restartContainer();
      return { resourceName, deviceIds: given, container, restartContainer, free };
    } catch (error) {
      free();
      throw error;
    }
  }

  async #choose(resourceName: string, wanted: number | readonly string[]): Promise<string[]> {
    const size = typeof wanted === 'number' ? wanted : wanted.length;
    const used = this.#used(resourceName);
    const free = this.#manager.healthy(resourceName).filter((id) => !used.has(id));
    this.#checkEnough(resourceName, size, free.length);
    const chosen =
      typeof wanted === 'number' ? await this.#prefer(resourceName, free, size) : onlyFree(wanted, free);
    for (const id of chosen) used.add(id);
    return chosen;
  }

  #checkEnough(resourceName: string, size: number, available: number): void {
    const { namesUnhealthy } = this.#behaviour;
    if (!this.#manager.isRegistered(resourceName)) {
      throw new Error(`${namesUnhealthy ? 'cannot' : "can't"} allocate unregistered device ${resourceName}`);
    }
    if (namesUnhealthy && this.#manager.healthy(resourceName).length === 0) {
      throw new Error(`no healthy devices present; cannot allocate unhealthy devices ${resourceName}`);
    }
    if (available < size) {
      throw new Error(
        `requested number of devices unavailable for ${resourceName}. Requested: ${size}, Available: ${available}`,
      );
    }
  }

  /** Takes of the plugin's wish what is free and fills up by itself. */
  async #prefer(resourceName: string, free: readonly string[], size: number): Promise<string[]> {
    const { connection, options } = this.#endpoint(resourceName);
    if (!this.#behaviour.asksPreferred || !options.getPreferredAllocationAvailable)
      return free.slice(0, size);
    const answer = await connection.preferred(free, [], size).catch((error: unknown) => {
      throw new Error(`device plugin GetPreferredAllocation rpc failed with err: ${messageOf(error)}`);
    });
    const wished = new Set(answer.containerResponses[0]?.deviceIds);
    return [...free.filter((id) => wished.has(id)), ...free.filter((id) => !wished.has(id))].slice(0, size);
  }

  async #ask(resourceName: string, deviceIds: readonly string[]): Promise<ContainerAllocateResponse> {
    const { containerResponses } = await this.#endpoint(resourceName).connection.allocate(deviceIds);
    const [container] = containerResponses;
    if (container === undefined) throw new Error('no containers return in allocation response');
    return container;
  }

  async #preStart(resourceName: string, deviceIds: readonly string[]): Promise<void> {
    const { connection, options } = this.#endpoint(resourceName);
    if (!options.preStartRequired) return;
    await connection.preStart(deviceIds).catch((error: unknown) => {
      const message = `device plugin PreStartContainer rpc failed with err: ${messageOf(error)}`;
      throw new AllocationError(message, { cause: error });
    });
  }

  #endpoint(resourceName: string): Endpoint & { readonly connection: PluginConnection } {
    const endpoint = this.#manager.endpoint(resourceName);
    const connection = endpoint?.connection;
    if (endpoint === undefined || connection === undefined) {
      throw new Error(`unknown Device Plugin ${resourceName}`);
    }
    if (endpoint.stoppedAt !== undefined) {
      throw new Error(`endpoint ${connection.socketPath} has been stopped`);
    }
    return { ...endpoint, connection };
  }

  #used(resourceName: string): Set<string> {
    const used = this.#inUse.get(resourceName) ?? new Set<string>();
    this.#inUse.set(resourceName, used);
    return used;
  }
}

/** Ids that a test names; a kubelet chooses by itself. */
function onlyFree(wanted: readonly string[], free: readonly string[]): string[] {
  const taken = wanted.filter((id) => !free.includes(id));
  if (taken.length > 0) throw new Error(`not free, or not healthy: ${taken.join(', ')}`);
  return [...wanted];
}

/** Before a pod is let in, every error ends up in its status in these words. */
async function admitting<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    throw new AllocationError(`Allocate failed due to ${messageOf(error)}, which is unexpected`, {
      cause: error,
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
