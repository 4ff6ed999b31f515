import type { Log } from '@bwki/daemon';
import type { PodLike } from '@bwki/spec-parser';
import { type Clock, systemClock, untilAborted } from '@bwki/timing';

import type { NamespaceSelection, NamespaceVerdict } from '../admission/namespace-selection.ts';
import { followObjects } from '../cluster/follow-objects.ts';
import { ObjectStore } from '../cluster/object-store.ts';
import { SingleFlight } from '../cluster/single-flight.ts';
import { TokenBucket } from '../cluster/token-bucket.ts';
import { WatchReport } from '../cluster/watch-report.ts';
import type { NamespaceApi, NamespaceRecord } from './cluster-namespaces.ts';
import { matchesLabels, type LabelSelector } from './label-selector.ts';
import { isNamespaceName } from './namespace-name.ts';

export interface WatchedNamespacesOptions {
  readonly api: NamespaceApi;
  /** Which pods are served, by their labels; default all. */
  readonly objectSelector?: LabelSelector | undefined;
  readonly log: Log;
  readonly clock?: Clock | undefined;
  /** What `api` speaks over, disposed of with the watch. */
  readonly connection?: Disposable | undefined;
}

/** Called with the name of a namespace that is another one than before: made, labelled, deleted. */
export type NamespaceListener = (namespace: string) => void;

/** Reviews of namespaces that are not served are forged, but for those of a namespace that was made a moment ago. */
const questions = { burst: 100, perSecond: 20 };

/** The namespaces that are served, kept up to date by a watch until it is disposed of. */
export class WatchedNamespaces implements NamespaceSelection, AsyncDisposable {
  readonly #api: NamespaceApi;
  readonly #objectSelector: LabelSelector;
  readonly #store: ObjectStore<NamespaceRecord>;
  readonly #flights = new SingleFlight<NamespaceVerdict>();
  readonly #questions: TokenBucket;
  readonly #listeners = new Set<NamespaceListener>();
  readonly #firstList = Promise.withResolvers<undefined>();
  readonly #connection: Disposable | undefined;
  readonly #stop = new AbortController();
  readonly #following: Promise<void>;
  #isListed = false;

  /** Starts at once, whether or not the API server is there. */
  constructor(options: WatchedNamespacesOptions) {
    const { api, objectSelector = {}, log, clock = systemClock, connection } = options;
    this.#api = api;
    this.#connection = connection;
    this.#objectSelector = objectSelector;
    this.#questions = new TokenBucket(questions, clock);
    this.#store = new ObjectStore(
      ({ name }) => name,
      (namespace) => {
        for (const listener of this.#listeners) listener(namespace);
      },
    );
    this.#following = this.#follow(log, clock);
  }

  /** Whether a namespace is known to be served; false for one that the watch has yet to reach. */
  isServed(namespace: string): boolean {
    return this.#store.get(namespace)?.isSelected === true;
  }

  lookUp(namespace: string, deadline: () => AbortSignal): NamespaceVerdict | Promise<NamespaceVerdict> {
    if (this.isServed(namespace)) return 'served';
    return isNamespaceName(namespace) ? this.#ask(namespace, deadline()) : 'missing';
  }

  selectsPod(pod: PodLike): boolean {
    const labels = pod.metadata?.labels;
    return matchesLabels(this.#objectSelector, isLabels(labels) ? labels : {});
  }

  onChange(listener: NamespaceListener): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  /** Why pods should not be sent here yet; undefined once the namespaces are known. */
  unready(): string | undefined {
    return this.#isListed ? undefined : 'namespaces are not known yet';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#following;
    await this.#flights.settled();
    this.#connection?.[Symbol.dispose]();
  }

  async #ask(namespace: string, signal: AbortSignal): Promise<NamespaceVerdict> {
    if (!this.#isListed) await untilAborted(this.#firstList.promise, signal);
    if (this.isServed(namespace)) return 'served';
    const asking = this.#flights.run(namespace, () => this.#read(namespace));
    return (await untilAborted(asking, signal)) ?? 'unknown';
  }

  async #read(namespace: string): Promise<NamespaceVerdict> {
    if (!this.#questions.take()) return 'unknown';
    const read = await this.#api.read(namespace, this.#stop.signal);
    if (!read.ok) return 'unknown';
    if (read.value === undefined) return 'missing';
    this.#store.upsert(read.value);
    return read.value.isSelected ? 'served' : 'unserved';
  }

  async #follow(log: Log, clock: Clock): Promise<void> {
    const report = new WatchReport(log, 'namespaces');
    await followObjects({
      collection: this.#api.all,
      clock,
      signal: this.#stop.signal,
      listener: {
        listed: (all, resourceVersion) => {
          this.#store.replace(all, BigInt(resourceVersion));
          this.#isListed = true;
          this.#firstList.resolve(undefined);
        },
        put: (record) => {
          this.#store.apply(record.name, record, record.version);
        },
        removed: ({ name, version }) => {
          this.#store.apply(name, undefined, version);
        },
        bookmark: (resourceVersion) => {
          this.#store.bookmark(BigInt(resourceVersion));
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
}

function isLabels(value: unknown): value is Readonly<Record<string, string>> {
  return typeof value === 'object' && value !== null;
}
