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
    const { directory, behaviour } = this.#options;
    await cleanDirectory(directory, behaviour.wipes);
    await takeSocket(directory, async (path) => {
      this.#server = await serveRegistration(path, async (request) => this.#register(request));
    });
    this.#record({ kind: 'kubelet-started' });
  }

  /** Cuts every connection; the socket's file stays. */
  end(): void {
    if (this.#isEnded) return;
    this.#record({ kind: 'kubelet-stopped' });
    this.#isEnded = true;
    this.#server?.kill();
    for (const connection of this.#connections) connection.close();
  }

  /** The connections to plugins of the resource, oldest first. */
  connections(resourceName: string): readonly PluginConnection[] {
    return [...this.#connections].filter((connection) => connection.resourceName === resourceName);
  }

  /** @throws Error whose message is `Register`'s answer */
  async #register(request: RegisterRequest): Promise<void> {
    const { faults, behaviour } = this.#options;
    const { resourceName, endpoint } = request;
    try {
      const late = faults.take('delay-register', resourceName);
      if (late !== undefined) await delay(late.milliseconds, undefined, { ref: false });
      validate(request);
      const refusal = faults.take('refuse-register', resourceName);
      if (refusal !== undefined) throw new Error(refusal.message);
      if (behaviour.dialsBack === 'inside-register') await this.#connect(request);
    } catch (error) {
      this.#record({ kind: 'register-refused', resourceName, endpoint, message: messageOf(error) });
      throw error;
    }
    if (behaviour.dialsBack === 'inside-register') return;
    this.#connect(request).catch((error: unknown) => {
      this.#record({ kind: 'dial-failed', resourceName, endpoint, message: messageOf(error) });
    });
  }

  async #connect(request: RegisterRequest): Promise<void> {
    const { resourceName, endpoint } = request;
    this.#checkRunning();
    if (this.#options.faults.take('no-dial-back', resourceName) !== undefined) {
      this.#record({ kind: 'registered', resourceName, endpoint, options: noOptions });
      return;
    }
    const address = await this.#address(request);
    this.#checkRunning();
    const connection = new PluginConnection(address);
    this.#connections.add(connection);
    this.#tracking.add(connection);
    try {
      await this.#reach(connection);
      const options = await this.#optionsOf(connection, request);
      this.#checkRunning();
      const accepted: Endpoint = { connection, options, stoppedAt: undefined };
      this.#tracking.accept(connection, accepted);
      this.#record({ kind: 'registered', resourceName, endpoint, options });
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
    this.#checkRunning();
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
    const { resourceName, endpoint } = connection;
    const end = await connection.watch(({ devices, bytes }) => {
      if (this.#isEnded) return;
      this.manager.takeList(resourceName, devices);
      const healthy = devices.filter(({ health }) => health === 'Healthy').length;
      this.#record({ kind: 'list', resourceName, endpoint, devices: devices.length, healthy, bytes });
    });
    this.#forget(connection);
    if (this.#isEnded) return;
    this.#tracking.streamEnded(connection);
    this.#record({ kind: 'stream-ended', resourceName, endpoint, ...end });
  }

  /** A process that has ended has no more events, whatever its last calls come to. */
  #record(happening: KubeletHappening): void {
    if (!this.#isEnded) this.#options.record(happening);
  }

  /** @throws Error once the process has ended: its connections are closed, and a call on one would throw. */
  #checkRunning(): void {
    if (this.#isEnded) throw new Error('the kubelet has ended');
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
