import { createLog } from '@bwki/daemon';

import { startOwnCertificates } from '../src/certificates/own-certificates.ts';
import { createMetrics } from '../src/metrics.ts';
import type { CertificateSource } from '../src/tls/certificate-source.ts';
import { InMemoryCluster } from './in-memory-cluster.ts';
import { names } from './own-certificates.ts';
import { SimulatedApiServer } from './simulated-api-server.ts';
import { chance, SimulatedTime } from './simulated-time.ts';

/** How bad things are, in milliseconds. */
export interface Adversity {
  /** What a call to the API server takes at most. */
  readonly callMs: number;
  /** How late an API server learns of a change at most. */
  readonly lagMs: number;
  /** How wrong a clock is at most. */
  readonly clockMs: number;
}

export interface SimulatedReplica {
  /** As by TERM: it says goodbye. */
  end(): Promise<void>;
  /** As by KILL, once it has finished a look that is under way. */
  kill(): void;
}

const start = new Date('2031-01-01T00:00:00Z');

/** Replicas with certificates of their own, two API servers and a cluster, in simulated time. */
export class SimulatedReplicas {
  /** Calls of an API server that would fail: when, in seconds, and why. */
  readonly failures: Set<string> = new Set<string>();
  /** PEM of all that was served. */
  readonly served: Set<string> = new Set<string>();
  readonly #time = new SimulatedTime(start);
  readonly #random: () => number;
  readonly #clockMs: number;
  readonly #cluster = new InMemoryCluster();
  readonly #apiServers: readonly SimulatedApiServer[];
  readonly #called = new Set<CertificateSource>();
  /** Each of them is asleep, or will be in a moment. */
  #workers = 0;

  constructor(seed: number, { callMs, lagMs, clockMs }: Adversity) {
    const random = chance(seed);
    this.#random = random;
    this.#clockMs = clockMs;
    this.#apiServers = [-clockMs, clockMs].map(
      (aheadMs) => new SimulatedApiServer({ time: this.#time, lagMs: () => random() * lagMs, aheadMs }),
    );
    // A call's way there, and its way back.
    this.#cluster.delay = () => this.#time.sleep((random() * callMs) / 2);
    this.#cluster.onBundle = (kind, bundle) => {
      for (const apiServer of this.#apiServers) apiServer.stored(kind, bundle);
    };
  }

  /** Resolves when it serves. */
  async add(lifeMs: number): Promise<SimulatedReplica> {
    let isKilled = false;
    const aheadMs = (2 * this.#random() - 1) * this.#clockMs;
    this.#workers += 1;
    const replica = await this.#until(
      startOwnCertificates({
        api: this.#cluster.api,
        names,
        replica: `replica-${this.#random()}`,
        log: createLog('silent', { write: () => undefined }),
        metrics: createMetrics(),
        now: () => new Date(this.#time.now + aheadMs),
        clock: {
          sleep: async (milliseconds, signal) => {
            await this.#time.sleep(milliseconds, signal);
            if (!isKilled) return;
            this.#workers -= 1;
            await new Promise(() => undefined);
          },
        },
        lifeMs,
      }),
    );
    this.#called.add(replica);
    return {
      end: async () => {
        this.#called.delete(replica);
        await this.#until(replica[Symbol.asyncDispose]());
        this.#workers -= 1;
      },
      kill: () => {
        this.#called.delete(replica);
        isKilled = true;
      },
    };
  }

  async passes(milliseconds: number): Promise<void> {
    const end = this.#time.now + milliseconds;
    while (this.#time.now < end) await this.#step();
  }

  async #until<T>(promise: PromiseLike<T>): Promise<T> {
    const work = { isOver: false };
    const over = Promise.resolve(promise).finally(() => (work.isOver = true));
    // It may have come to its end without a sleep.
    while (!work.isOver) await Promise.race([over, this.#step()]);
    return over;
  }

  async #step(): Promise<void> {
    await this.#time.step(() => this.#workers);
    const seconds = ((this.#time.now - start.getTime()) / 1000).toFixed(1);
    for (const replica of this.#called) {
      this.served.add(replica.current().cert);
      for (const apiServer of this.#apiServers) {
        for (const fault of apiServer.faultsOf(replica.current()))
          this.failures.add(`${seconds} s: ${fault}`);
      }
    }
  }
}
