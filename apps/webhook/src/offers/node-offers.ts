import type { Log } from '@bwki/daemon';
import { type Clock, systemClock } from '@bwki/timing';

import type { OfferState, ResourceOffers } from '../admission/resource-offers.ts';
import { followObjects } from '../cluster/follow-objects.ts';
import type { ListWatch } from '../cluster/list-watch.ts';
import { WatchReport } from '../cluster/watch-report.ts';
import type { Metrics } from '../metrics.ts';
import type { NodeOffer } from './cluster-nodes.ts';

export interface NodeOffersOptions {
  readonly nodes: ListWatch<NodeOffer>;
  readonly resource: string;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly clock?: Clock | undefined;
  /**
   * How long nodes are awaited from the start on, and when the last one has ceased to offer the resource: a kubelet that
   * restarts offers nothing until its plugins are back, and after a power failure all start at once. Default 5 minutes.
   */
  readonly graceMs?: number | undefined;
}

/** As long as a kubelet itself waits for a plugin that has gone. */
const defaultGraceMs = 5 * 60 * 1000;

/** Which nodes offer a resource, kept up to date by a watch until it is disposed of (B53). */
export class NodeOffers implements ResourceOffers, AsyncDisposable {
  readonly #options: NodeOffersOptions;
  readonly #clock: Clock;
  /** Names of the nodes that offer it; of the others nothing is kept. */
  readonly #offering = new Set<string>();
  readonly #stop = new AbortController();
  readonly #following: Promise<void>;
  #isListed = false;
  /** Since when no node offers it: the start, or when the last one ceased to. */
  #awaitedSince: number;

  /** Starts at once, whether or not the API server is there. */
  constructor(options: NodeOffersOptions) {
    const { nodes, log, clock = systemClock } = options;
    this.#options = options;
    this.#clock = clock;
    this.#awaitedSince = clock.now();
    const report = new WatchReport(log, 'nodes');
    this.#following = followObjects({
      collection: nodes,
      clock,
      signal: this.#stop.signal,
      listener: {
        listed: (all) => {
          const had = this.#offering.size > 0;
          this.#offering.clear();
          for (const { name, isOffering } of all) if (isOffering) this.#offering.add(name);
          this.#noteChange(had, !this.#isListed);
          this.#isListed = true;
        },
        put: ({ name, isOffering }) => {
          this.#set(name, isOffering);
        },
        removed: ({ name }) => {
          this.#set(name, false);
        },
        opened: () => {
          report.opened();
        },
        failed: (step, failure) => {
          report.failed(step, failure);
        },
      },
    });
  }

  offers(resource: string): OfferState | undefined {
    if (resource !== this.#options.resource || !this.#isListed) return undefined;
    if (this.#offering.size > 0) return 'offered';
    const { graceMs = defaultGraceMs } = this.#options;
    return this.#clock.now() - this.#awaitedSince < graceMs ? 'awaited' : 'missing';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#following;
  }

  #set(name: string, isOffering: boolean): void {
    const had = this.#offering.size > 0;
    if (isOffering) this.#offering.add(name);
    else this.#offering.delete(name);
    this.#noteChange(had, false);
  }

  #noteChange(had: boolean, isFirst: boolean): void {
    const { resource, log, metrics } = this.#options;
    const nodes = this.#offering.size;
    metrics.offeringNodes.set({ resource }, nodes);
    if (nodes > 0 === had && !isFirst) return;
    if (had && nodes === 0) this.#awaitedSince = this.#clock.now();
    if (nodes > 0) log.info({ resource, nodes }, 'nodes offer the resource');
    else log.warn({ resource, isFirst }, 'no node offers the resource');
  }
}
