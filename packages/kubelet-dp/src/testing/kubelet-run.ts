import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import type { DevicePluginOptions, RegisterRequest } from '../generated/v1beta1.ts';
import { Allocator } from './allocator.ts';
import { connectionTracking, type ConnectionTracking } from './connection-tracking.ts';
import { startCuttingRelay } from './cutting-relay.ts';
import { DeviceManager, type Endpoint } from './device-manager.ts';
import { isExtendedResourceName } from './extended-resource-name.ts';
import type { KubeletHappening } from './kubelet-event.ts';
import type { FaultPlan } from './kubelet-fault.ts';
import type { KubeletBehaviour } from './kubelet-versions.ts';
import { longestSocketPath, PluginConnection, type PluginAddress } from './plugin-connection.ts';
import { cleanDirectory, takeSocket } from './plugin-directory.ts';
import { serveRegistration, type RunningServer } from './registration-server.ts';

export interface RunOptions {
  readonly directory: string;
  readonly behaviour: KubeletBehaviour;
  readonly dialTimeoutMs: number;
  readonly now: () => number;
  readonly record: (happening: KubeletHappening) => void;
  readonly faults: FaultPlan;
  /** Resources and ids in use that the kubelet before left in its checkpoint. */
  readonly remembered: readonly string[];
  readonly inUse: Map<string, Set<string>>;
}

const noOptions: DevicePluginOptions = { preStartRequired: false, getPreferredAllocationAvailable: false };

/** One life of the kubelet's process: it begins with an empty directory and a new socket, and is never begun again. */
export class KubeletRun {
  readonly manager: DeviceManager;
  readonly allocator: Allocator;
  readonly #options: RunOptions;
  readonly #tracking: ConnectionTracking;
  readonly #connections = new Set<PluginConnection>();
  #server: RunningServer | undefined;
  #isEnded = false;

  constructor(options: RunOptions) {
    this.#options = options;
    this.manager = new DeviceManager(options.now, options.remembered);
    this.allocator = new Allocator(this.manager, options.behaviour, options.inUse);
    this.#tracking = connectionTracking(options.behaviour.streamEnd, this.manager);
  }

  async start(): Promise<void> {
    const { directory, behaviour, record } = this.#options;
    await cleanDirectory(directory, behaviour.wipes);
    await takeSocket(directory, async (path) => {
      this.#server = await serveRegistration(path, async (request) => this.#register(request));
    });
    record({ kind: 'kubelet-started' });
  }

  /** Cuts every connection; the socket's file stays. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#server?.kill();
    for (const connection of this.#connections) connection.close();
    this.#options.record({ kind: 'kubelet-stopped' });
  }

  /** The connections to plugins of the resource, oldest first. */
  connections(resourceName: string): readonly PluginConnection[] {
    return [...this.#connections].filter((connection) => connection.resourceName === resourceName);
  }

  /** @throws Error whose message is `Register`'s answer */
  async #register(request: RegisterRequest): Promise<void> {
    const { faults, record, behaviour } = this.#options;
    const { resourceName, endpoint } = request;
    try {
      const late = faults.take('delay-register', resourceName);
      if (late !== undefined) await delay(late.milliseconds, undefined, { ref: false });
      validate(request);
      const refusal = faults.take('refuse-register', resourceName);
      if (refusal !== undefined) throw new Error(refusal.message);
      if (behaviour.dialsBack === 'inside-register') await this.#connect(request);
    } catch (error) {
      record({ kind: 'register-refused', resourceName, endpoint, message: messageOf(error) });
      throw error;
    }
    if (behaviour.dialsBack === 'inside-register') return;
    this.#connect(request).catch((error: unknown) => {
      record({ kind: 'dial-failed', resourceName, endpoint, message: messageOf(error) });
    });
  }

  async #connect(request: RegisterRequest): Promise<void> {
    const { faults, record } = this.#options;
    const { resourceName, endpoint } = request;
    if (faults.take('no-dial-back', resourceName) !== undefined) {
      record({ kind: 'registered', resourceName, endpoint, options: noOptions });
      return;
    }
    const connection = new PluginConnection(await this.#address(request));
    this.#connections.add(connection);
    this.#tracking.add(connection);
    try {
      await this.#reach(connection);
      const options = await this.#optionsOf(connection, request);
      const accepted: Endpoint = { connection, options, stoppedAt: undefined };
      this.#tracking.accept(connection, accepted);
      record({ kind: 'registered', resourceName, endpoint, options });
    } catch (error) {
      this.#tracking.drop(connection);
      this.#forget(connection);
      throw error;
    }
    void this.#watch(connection);
  }

  async #address({ resourceName, endpoint }: RegisterRequest): Promise<PluginAddress> {
    const socketPath = join(this.#options.directory, endpoint);
    const cut = this.#options.faults.take('cut-connection', resourceName);
    const target =
      cut === undefined ? `unix:${socketPath}` : await startCuttingRelay(socketPath, cut.afterBytes);
    const authority = this.#options.behaviour.authority === 'localhost' ? 'localhost' : socketPath;
    return { resourceName, socketPath, target, authority };
  }

  async #reach(connection: PluginConnection): Promise<void> {
    const { dialTimeoutMs } = this.#options;
    // Node would dial the path cut short, where a plugin that is written with Node may well listen.
    if (Buffer.byteLength(connection.socketPath) > longestSocketPath) {
      await delay(dialTimeoutMs, undefined, { ref: false });
    }
    await connection.ready(dialTimeoutMs);
    if (this.#isEnded) throw new Error('the kubelet has ended');
  }

  async #optionsOf(connection: PluginConnection, request: RegisterRequest): Promise<DevicePluginOptions> {
    if (this.#options.behaviour.options === 'from-register') return request.options ?? noOptions;
    const failure = this.#options.faults.take('fail-options', request.resourceName);
    try {
      if (failure !== undefined) throw new Error(failure.message);
      return await connection.options();
    } catch (error) {
      throw new Error(`failed to get device plugin options: ${messageOf(error)}`, { cause: error });
    }
  }

  async #watch(connection: PluginConnection): Promise<void> {
    const { record } = this.#options;
    const { resourceName, endpoint } = connection;
    const end = await connection.watch(({ devices, bytes }) => {
      if (this.#isEnded) return;
      this.manager.takeList(resourceName, devices);
      const healthy = devices.filter(({ health }) => health === 'Healthy').length;
      record({ kind: 'list', resourceName, endpoint, devices: devices.length, healthy, bytes });
    });
    this.#forget(connection);
    if (this.#isEnded) return;
    this.#tracking.streamEnded(connection);
    record({ kind: 'stream-ended', resourceName, endpoint, ...end });
  }

  #forget(connection: PluginConnection): void {
    connection.close();
    this.#connections.delete(connection);
  }
}

/** @throws Error in the kubelet's words */
function validate({ version, resourceName }: RegisterRequest): void {
  if (version !== 'v1beta1') {
    const supported = '["v1beta1"]';
    throw new Error(
      `requested API version ${JSON.stringify(version)} is not supported by kubelet. Supported version is ${supported}`,
    );
  }
  if (!isExtendedResourceName(resourceName)) {
    throw new Error(`the ResourceName ${JSON.stringify(resourceName)} is invalid`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
