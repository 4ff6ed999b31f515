import { join } from 'node:path';

import type { Device } from '../generated/v1beta1.ts';
import type { Allocation } from './allocator.ts';
import { EventLog, type EventWaitOptions, type WaitOptions } from './event-log.ts';
import type { KubeletEvent, KubeletEventKind, KubeletEventOf } from './kubelet-event.ts';
import { FaultPlan, type FaultScope, type KubeletFault } from './kubelet-fault.ts';
import { KubeletRun } from './kubelet-run.ts';
import { kubeletBehaviour, type KubeletBehaviour, type KubeletVersion } from './kubelet-versions.ts';
import { longestSocketPath } from './plugin-connection.ts';
import { kubeletSocketName } from './plugin-directory.ts';

export interface FakeKubeletOptions {
  /** In the place of `/var/lib/kubelet/device-plugins`, made if need be. Its sockets are removed, see `restart`. */
  readonly directory: string;
  /** Whose behaviour it has. Default `1.37`. */
  readonly version?: KubeletVersion;
  /** Milliseconds that never go back: for the grace that a plugin's capacity has. Default: the real ones. */
  readonly now?: () => number;
  /** How long a plugin may take to be reached at its registration. Default 10,000, which is the kubelet's. */
  readonly dialTimeoutMs?: number;
}

/** The kubelet's side of the device plugin API, on a real socket. Its numbers are what the node's status would show. */
export interface FakeKubelet extends AsyncDisposable {
  readonly directory: string;
  /** `kubelet.sock` in it. */
  readonly socketPath: string;
  readonly version: KubeletVersion;
  readonly behaviour: KubeletBehaviour;
  /** All since the start, over restarts. */
  readonly events: readonly KubeletEvent[];
  /** Does nothing while it runs. */
  start(): Promise<void>;
  /** As when the process dies: connections break, `kubelet.sock` stays behind, and the node shows what it last did. */
  stop(): Promise<void>;
  /** Stops and starts: every socket in the directory goes, a new `kubelet.sock` comes, resources are at 0. */
  restart(): Promise<void>;
  /** Devices of any health. Undefined before a first list of the resource. */
  capacity(resourceName: string): number | undefined;
  /** Healthy devices, also those in use. Undefined before a first list of the resource. */
  allocatable(resourceName: string): number | undefined;
  /** As last listed, all `Unhealthy` once the plugin is gone. */
  devices(resourceName: string): readonly Device[];
  /**
   * Gives devices to a container, as when a pod of it comes to the node: so many as the kubelet chooses, or just
   * these. @throws AllocationError with the message of the pod's status
   */
  allocate(resourceName: string, wanted: number | readonly string[]): Promise<Allocation>;
  /** Makes something go wrong from now on, until it is disposed of. */
  inject(fault: KubeletFault, scope?: FaultScope): Disposable;
  /** Cancels the lists' streams of the resource; the kubelet does not open them again. */
  closeStream(resourceName: string): void;
  /** Leaves the lists of the plugins that are connected now unread, until it is disposed of. */
  stopReading(resourceName: string): Disposable;
  /** Resolves once `allocatable` is that; rejects with what happened instead. */
  waitForAllocatable(resourceName: string, count: number, options?: WaitOptions): Promise<void>;
  /** The first such event, of the past too. */
  waitForEvent<K extends KubeletEventKind>(
    kind: K,
    options?: EventWaitOptions<K>,
  ): Promise<KubeletEventOf<K>>;
}

/**
 * A kubelet for a test of any device plugin, in whatever language it is written:
 *
 * ```ts
 * await using kubelet = await startFakeKubelet({ directory, version: '1.24' });
 * // Start the plugin with that directory in the place of `/var/lib/kubelet/device-plugins`, then:
 * await kubelet.waitForAllocatable('example.com/slot', 10);
 * const { container, free } = await kubelet.allocate('example.com/slot', 2);
 * await kubelet.restart();
 * await kubelet.waitForAllocatable('example.com/slot', 10);
 * ```
 *
 * It writes no checkpoint into the directory and knows no NUMA alignment; a plugin's options and all else are as in
 * the version (`kubeletBehaviour`).
 *
 * @throws Error when the directory's path is too long for a socket, or nothing can be made in it
 */
export async function startFakeKubelet(options: FakeKubeletOptions): Promise<FakeKubelet> {
  const kubelet = new SocketKubelet(options);
  await kubelet.start();
  return kubelet;
}

class SocketKubelet implements FakeKubelet {
  readonly directory: string;
  readonly socketPath: string;
  readonly version: KubeletVersion;
  readonly behaviour: KubeletBehaviour;
  readonly #now: () => number;
  readonly #dialTimeoutMs: number;
  readonly #log: EventLog;
  readonly #faults = new FaultPlan();
  readonly #inUse = new Map<string, Set<string>>();
  #run: KubeletRun;
  #isRunning = false;

  constructor(options: FakeKubeletOptions) {
    this.directory = options.directory;
    this.socketPath = join(options.directory, kubeletSocketName);
    if (Buffer.byteLength(this.socketPath) >= longestSocketPath) {
      const most = longestSocketPath - kubeletSocketName.length - 2;
      throw new Error(`directory ${options.directory}: too long for a socket, at most ${most} bytes`);
    }
    this.version = options.version ?? '1.37';
    this.behaviour = kubeletBehaviour(this.version);
    this.#now = options.now ?? (() => performance.now());
    this.#dialTimeoutMs = options.dialTimeoutMs ?? 10_000;
    this.#log = new EventLog(this.#now);
    this.#run = this.#newRun([]);
  }

  get events(): readonly KubeletEvent[] {
    return this.#log.events;
  }

  async start(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#run = this.#newRun(this.#run.manager.resources());
    await this.#run.start();
  }

  stop(): Promise<void> {
    this.#isRunning = false;
    this.#run.end();
    return Promise.resolve();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  capacity(resourceName: string): number | undefined {
    return this.#run.manager.node(resourceName)?.capacity;
  }

  allocatable(resourceName: string): number | undefined {
    return this.#run.manager.node(resourceName)?.allocatable;
  }

  devices(resourceName: string): readonly Device[] {
    return this.#run.manager.devices(resourceName);
  }

  async allocate(resourceName: string, wanted: number | readonly string[]): Promise<Allocation> {
    const endpoint = this.#run.manager.endpoint(resourceName)?.connection?.endpoint ?? '';
    try {
      const allocation = await this.#run.allocator.allocate(resourceName, wanted);
      const { deviceIds } = allocation;
      this.#log.record({ kind: 'allocated', resourceName, endpoint, deviceIds });
      return allocation;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#log.record({ kind: 'allocate-failed', resourceName, endpoint, message });
      throw error;
    }
  }

  inject(fault: KubeletFault, scope?: FaultScope): Disposable {
    return this.#faults.add(fault, scope);
  }

  closeStream(resourceName: string): void {
    for (const connection of this.#run.connections(resourceName)) connection.cancelStream();
  }

  stopReading(resourceName: string): Disposable {
    const connections = this.#run.connections(resourceName);
    for (const connection of connections) connection.stopReading();
    return {
      [Symbol.dispose]: () => {
        for (const connection of connections) connection.readAgain();
      },
    };
  }

  async waitForAllocatable(resourceName: string, count: number, options?: WaitOptions): Promise<void> {
    const look = (): true | undefined => this.allocatable(resourceName) === count || undefined;
    const what = (): string =>
      `allocatable ${resourceName} = ${count}: it is ${String(this.allocatable(resourceName))}, ` +
      `of a capacity of ${String(this.capacity(resourceName))}`;
    await this.#log.waitFor(look, what, options);
  }

  async waitForEvent<K extends KubeletEventKind>(
    kind: K,
    options?: EventWaitOptions<K>,
  ): Promise<KubeletEventOf<K>> {
    return this.#log.waitForEvent(kind, options);
  }

  #newRun(remembered: readonly string[]): KubeletRun {
    return new KubeletRun({
      directory: this.directory,
      behaviour: this.behaviour,
      dialTimeoutMs: this.#dialTimeoutMs,
      now: this.#now,
      record: (happening) => {
        this.#log.record(happening);
      },
      faults: this.#faults,
      remembered,
      inUse: this.#inUse,
    });
  }
}
