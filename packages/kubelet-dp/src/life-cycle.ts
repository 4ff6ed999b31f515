import { join } from 'node:path';

import type { Backoff, Clock } from '@bwki/timing';

import { toDevicePluginError } from './device-plugin-error.ts';
import { changeOrPause, type Latest } from './latest.ts';
import type { LifeCycleEvent } from './plugin-event.ts';
import type { PluginServer } from './plugin-server.ts';
import type { SiblingSockets } from './sibling-sockets.ts';
import { socketFileAt, type SocketFile } from './socket-file.ts';
import type { SocketNames } from './socket-name.ts';

/** From the registration on, for the kubelet to ask for the list: it may take 10 s to dial. */
const firstStreamMs = 15_000;
/** A registration that lasted so long was a good one: after it, failures are counted anew. */
const settledMs = 10_000;

export interface LifeCycleOptions {
  readonly directory: string;
  readonly names: SocketNames;
  readonly siblings: SiblingSockets;
  readonly openServer: (socketPath: string) => Promise<PluginServer>;
  /** @throws DevicePluginError if the kubelet does not take it */
  readonly register: (kubeletPath: string, socketPath: string, signal: AbortSignal) => Promise<void>;
  /** Set when something in the directory may have changed. */
  readonly changes: Latest<undefined>;
  /** How often it is looked without that. */
  readonly pollMs: number;
  readonly backoff: Backoff;
  readonly clock: Clock;
  readonly emit: (event: LifeCycleEvent) => void;
}

/** A server, and when the kubelet took its registration. */
export interface Generation {
  readonly number: number;
  readonly server: PluginServer;
  /** Milliseconds of the clock. */
  registeredAt: number | undefined;
}

/**
 * Keeps the plugin registered (B61, B62). It does not act on events but on what it finds each time it looks: which
 * `kubelet.sock` there is, whether the own socket is still in place, whether somebody reads the list. An event that is
 * missed or comes twice is then no harm. One server is registered once: whatever ends its registration ends it, and the
 * next one is opened before it is registered.
 */
export class LifeCycle {
  readonly #options: LifeCycleOptions;
  readonly #kubeletPath: string;
  #generation: Generation | undefined;
  /** The `kubelet.sock` that was found last. */
  #kubelet: string | undefined;
  #hasRegistered = false;
  #isMissingSaid = false;
  /** When the next attempt is due, in milliseconds of the clock; undefined if one need not be put off. */
  #retryAt: number | undefined;
  /** The socket of a newer process for the same resource, while there is one. */
  #successor: string | undefined;
  /** The own socket that the kubelet dropped: what is newer is left in charge. */
  #standsBehind: SocketFile | undefined;

  constructor(options: LifeCycleOptions) {
    this.#options = options;
    this.#kubeletPath = join(options.directory, 'kubelet.sock');
  }

  get isRegistered(): boolean {
    return this.#generation?.registeredAt !== undefined;
  }

  /** Whether the kubelet that it is registered with has been sent a list. */
  get isListed(): boolean {
    return this.isRegistered && this.#generation?.server.streams.hasListed === true;
  }

  /** How long the next attempt is put off, in milliseconds; Infinity if it waits for no time. */
  get pauseMs(): number {
    if (this.#retryAt === undefined) return Infinity;
    return Math.max(0, this.#retryAt - this.#options.clock.now());
  }

  /** @throws DevicePluginError for a directory in which no socket can be opened */
  async open(): Promise<Generation> {
    const { names, openServer, emit } = this.#options;
    const { generation: number, socketPath } = names.next();
    const generation = { number, server: await openServer(socketPath), registeredAt: undefined };
    this.#generation = generation;
    emit({ kind: 'listening', generation: number, socketPath });
    return generation;
  }

  /** Looks at how things are, and does what is to be done about it. */
  async look(signal: AbortSignal): Promise<void> {
    const isThere = await this.#findKubelet();
    await this.#leaveLostSocket();
    await this.#leaveEndedStreams();
    const isSuperseded = await this.#isSuperseded();
    if (this.#retryAt !== undefined && this.pauseMs > 0) return;
    this.#retryAt = undefined;
    if (isThere && !this.isRegistered && !isSuperseded) await this.#register(signal);
  }

  async close(): Promise<void> {
    const generation = this.#generation;
    this.#generation = undefined;
    await generation?.server[Symbol.asyncDispose]();
  }

  /** @returns whether there is a kubelet's socket */
  async #findKubelet(): Promise<boolean> {
    const { backoff, emit } = this.#options;
    const kubelet = await this.#kubeletIdentity();
    if (kubelet === undefined) {
      if (!this.#isMissingSaid) emit({ kind: 'kubelet-missing', socketPath: this.#kubeletPath });
      this.#isMissingSaid = true;
      return false;
    }
    this.#isMissingSaid = false;
    if (kubelet === this.#kubelet) return true;
    this.#kubelet = kubelet;
    backoff.reset();
    this.#retryAt = undefined;
    this.#standsBehind = undefined;
    if (this.#hasRegistered) {
      emit({ kind: 'kubelet-restarted' });
      if (this.isRegistered) await this.close();
    }
    return true;
  }

  async #leaveLostSocket(): Promise<void> {
    const server = this.#generation?.server;
    if (server === undefined || (await server.isInPlace())) return;
    this.#options.emit({ kind: 'socket-lost', socketPath: server.socketPath });
    // A kubelet that still reads its lists takes the end of them for the end of what is registered next.
    if (this.isRegistered) this.#retryLater();
    await this.close();
  }

  async #leaveEndedStreams(): Promise<void> {
    const { clock, backoff, emit } = this.#options;
    const { server, registeredAt } = this.#generation ?? {};
    if (server === undefined || registeredAt === undefined) return;
    const age = clock.now() - registeredAt;
    const { open, opened } = server.streams;
    if (open > 0 || (opened === 0 && age < firstStreamMs)) return;
    if (age >= settledMs) backoff.reset();
    emit({ kind: 'dropped', retryInMs: this.#retryLater() });
    this.#standsBehind = server.socketFile;
    await this.close();
  }

  /** @returns whether a newer process is to be left in charge */
  async #isSuperseded(): Promise<boolean> {
    const { siblings, emit } = this.#options;
    const own = this.#generation?.server.socketFile ?? this.#standsBehind;
    const before = this.#successor;
    this.#successor = own && (await siblings.successorOf(own));
    if (this.#successor !== undefined) {
      if (before === undefined) emit({ kind: 'superseded', socketPath: this.#successor });
      return this.#generation === undefined;
    }
    this.#standsBehind = undefined;
    if (before !== undefined) {
      emit({ kind: 'successor-gone', socketPath: before });
      // The kubelet may go on calling the one that has gone.
      if (this.isRegistered) await this.close();
    }
    return false;
  }

  async #register(signal: AbortSignal): Promise<void> {
    const { register, clock, emit } = this.#options;
    const generation = this.#generation ?? (await this.#reopen());
    if (generation === undefined) return;
    const { number, server } = generation;
    const over = new AbortController();
    void this.#untilVain(server, over.signal).then((why) => {
      over.abort(why);
    });
    try {
      await register(this.#kubeletPath, server.socketPath, AbortSignal.any([signal, over.signal]));
    } catch (thrown) {
      await this.close();
      if (signal.aborted) return;
      const error = toDevicePluginError(thrown, 'DEVICE_REGISTER_FAILED');
      emit({ kind: 'register-failed', error, retryInMs: this.#retryLater() });
      return;
    } finally {
      over.abort();
    }
    generation.registeredAt = clock.now();
    this.#hasRegistered = true;
    emit({ kind: 'registered', generation: number, socketPath: server.socketPath });
  }

  /**
   * Why a registration under way is not worth waiting for, once that is so; or resolves with the abort. A kubelet that
   * starts removes the plugins' sockets: if the plugin has called it by then, it dials for 10 s what is not there.
   */
  async #untilVain(server: PluginServer, signal: AbortSignal): Promise<string | undefined> {
    const { changes, pollMs, clock } = this.#options;
    while (!signal.aborted) {
      const seen = changes.entry;
      if (!(await server.isInPlace())) return "the plugin's socket was removed meanwhile";
      const kubelet = await this.#kubeletIdentity();
      if (kubelet === undefined) return 'its socket was removed meanwhile';
      if (kubelet !== this.#kubelet) return 'its socket was replaced meanwhile';
      await changeOrPause({ of: changes, seen, milliseconds: pollMs, clock, signal });
    }
    return undefined;
  }

  async #kubeletIdentity(): Promise<string | undefined> {
    return (await socketFileAt(this.#kubeletPath))?.identity;
  }

  async #reopen(): Promise<Generation | undefined> {
    try {
      return await this.open();
    } catch (thrown) {
      const error = toDevicePluginError(thrown, 'DEVICE_LISTEN_FAILED');
      this.#options.emit({ kind: 'listen-failed', error, retryInMs: this.#retryLater() });
      return undefined;
    }
  }

  #retryLater(): number {
    const { backoff, clock } = this.#options;
    const retryInMs = backoff.next();
    this.#retryAt = clock.now() + retryInMs;
    return retryInMs;
  }
}
