import type { Log } from '@bwki/daemon';
import { err, ok, type Result } from '@bwki/plain-data';
import { type Clock, untilAborted } from '@bwki/timing';

import { ObjectStore } from '../cluster/object-store.ts';
import { SingleFlight } from '../cluster/single-flight.ts';
import type { Metrics } from '../metrics.ts';
import type { WatchedNamespaces } from '../namespaces/watched-namespaces.ts';
import type { CopyMarkKey } from './copy-mark-key.ts';
import { planCopy, type CopyPlan } from './copy-plan.ts';
import { isWrite, maxAttempts, reconcileCopy, type Reconciled } from './reconcile-copy.ts';
import { reflectSecrets } from './reflect-secrets.ts';
import { ReflectorState } from './reflector-state.ts';
import { RepairLimit } from './repair-limit.ts';
import type { SecretApi } from './secret-api.ts';
import type { SecretRecord } from './secret-record.ts';
import { shuffled } from './shuffled.ts';
import { SourceState } from './source-state.ts';
import { countSync, outcomeOf } from './sync-outcome.ts';
import {
  apiUnavailable,
  copyContested,
  mayPassAtOnce,
  namespaceGone,
  namespaceUnserved,
  type CodedTokenFault,
  type TokenSecret,
} from './token-faults.ts';
import type { TokenSource } from './token-source.ts';
import { WorkQueue } from './work-queue.ts';

export interface TokenCopyControllerOptions {
  readonly secret: TokenSecret;
  readonly api: SecretApi;
  readonly namespaces: Pick<WatchedNamespaces, 'isServed' | 'lookUp' | 'onChange'>;
  readonly markKey: CopyMarkKey;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** How many copies are written at once when the source has changed. */
  readonly parallel: number;
}

/** Milliseconds until a copy that could not be written is tried again with no pod asking; up to twice as long. */
const retryMs = 5000;

/** A pod's copy is written again where the source, or somebody, was faster; no pod waits for more such rounds. */
const maxRounds = 3;

type Settled = Result<Reconciled, CodedTokenFault>;

/**
 * Keeps the copies of one secret as the source is: when a pod needs one, and when the source or a copy changes. A copy
 * is written only in a namespace that is served, and in the background only where it bears the mark, did so until
 * somebody deleted it, or has the source's data.
 */
export class TokenCopyController implements AsyncDisposable {
  readonly #options: TokenCopyControllerOptions;
  readonly #state: ReflectorState;
  readonly #source: SourceState;
  readonly #store: ObjectStore<SecretRecord>;
  readonly #flights = new SingleFlight<Settled>();
  readonly #queue: WorkQueue;
  readonly #repairs: RepairLimit;
  readonly #stop = new AbortController();
  readonly #listening = new DisposableStack();
  readonly #following: Promise<void>;
  /** Namespaces whose copy somebody deleted. */
  readonly #deleted = new Set<string>();

  constructor(options: TokenCopyControllerOptions) {
    const { secret, log, parallel, clock, namespaces, markKey } = options;
    this.#options = options;
    this.#state = new ReflectorState(secret, log);
    this.#source = new SourceState(secret, options, this.#stop.signal);
    this.#repairs = new RepairLimit(clock);
    this.#store = new ObjectStore(
      ({ metadata }) => metadata.namespace,
      (...change) => {
        this.#onCopyChange(...change);
      },
    );
    this.#queue = new WorkQueue({
      parallel,
      clock,
      work: (namespace) => this.#reconcileInBackground(namespace),
    });
    this.#listening.use(
      namespaces.onChange((namespace) => {
        this.#queueIfStale(namespace);
      }),
    );
    this.#listening.use(
      markKey.onChange(() => {
        this.#queueAll();
      }),
    );
    this.#following = reflectSecrets({
      secret,
      collection: options.api.named(secret.name),
      clock,
      signal: this.#stop.signal,
      source: this.#source,
      store: this.#store,
      state: this.#state,
      onStale: () => {
        this.#queueAll();
      },
    });
  }

  /** Why pods should not be sent here yet; undefined once the secrets are known. */
  unready(): string | undefined {
    return this.#state.isSynced ? undefined : `secrets ${this.#options.secret.name} are not known yet`;
  }

  /** @param signal ends the wait, but not what others wait for too */
  async ensure(namespace: string, signal: AbortSignal): Promise<Result<void, CodedTokenFault>> {
    const { secret } = this.#options;
    const fault = await this.#fault(namespace, signal);
    if (fault !== undefined) return this.#count(err(fault));
    let settled: Settled | undefined;
    for (let round = 0; round < maxRounds; round += 1) {
      const source = await this.#usableSource(signal);
      if (!source.ok) return this.#count(source);
      const isCurrent =
        namespace === secret.sourceNamespace || this.#plan(namespace, source.value) === 'current';
      if (isCurrent) return this.#count(ok('current'));
      settled = await untilAborted(this.#reconcile(namespace, 'pod'), signal);
      if (settled === undefined) return err(apiUnavailable(secret, namespace, 'no answer in time'));
      if (settled.ok || !mayPassAtOnce(settled.error)) break;
    }
    return settled === undefined || settled.ok ? ok(undefined) : settled;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#listening.dispose();
    await this.#following;
    await this.#queue.close();
    await this.#flights.settled();
  }

  /** Waits for all that has to be known before a copy; gives why a pod of the namespace has to go without. */
  async #fault(namespace: string, signal: AbortSignal): Promise<CodedTokenFault | undefined> {
    const { secret, namespaces, markKey } = this.#options;
    const fault = await this.#state.fault(namespace, signal);
    if (fault !== undefined) return fault;
    if (markKey.key === undefined) await untilAborted(markKey.known, signal);
    if (markKey.key === undefined) {
      return apiUnavailable(secret, namespace, 'the key of the copies is not known yet');
    }
    if (namespace === secret.sourceNamespace || namespaces.isServed(namespace)) return undefined;
    switch (await namespaces.lookUp(namespace, () => signal)) {
      case 'served':
        return undefined;
      case 'missing':
        return namespaceGone(namespace);
      case 'unserved':
        return namespaceUnserved(namespace);
      case 'unknown':
        return apiUnavailable(secret, namespace, 'the API server was not asked for the namespace');
    }
  }

  async #usableSource(signal: AbortSignal): Promise<Result<TokenSource, CodedTokenFault>> {
    const source = this.#source.usable();
    if (source.ok) return source;
    await untilAborted(this.#readSource(), signal);
    // One that was deleted a moment ago is most likely being replaced: pods wait for the new one, and get that.
    await untilAborted(this.#source.replacement, signal);
    return this.#source.usable();
  }

  #onCopyChange(namespace: string, record: SecretRecord | undefined, before: SecretRecord | undefined): void {
    const { markKey } = this.#options;
    if (record !== undefined) this.#deleted.delete(namespace);
    else if (markKey.key !== undefined && before?.mark === this.#markOf(namespace))
      this.#deleted.add(namespace);
    const source = this.#source.usable();
    if (source.ok && markKey.key !== undefined) {
      const { fingerprint } = source.value;
      const plans = [before, record].map((copy) => planCopy(copy, source.value, this.#markOf(namespace)));
      // Whichever replica made it so.
      if (plans[0] !== 'current' && plans[1] === 'current') {
        const isRepair = this.#repairs.isRepair(namespace, fingerprint);
        this.#repairs.settled(namespace, fingerprint, { isRepair });
      }
    }
    this.#queueIfStale(namespace);
  }

  #queueAll(): void {
    const namespaces = [...this.#store.keys(), ...this.#deleted];
    for (const namespace of shuffled(namespaces, this.#options.clock)) this.#queueIfStale(namespace);
  }

  #queueIfStale(namespace: string): void {
    const source = this.#staleAgainst(namespace);
    if (source === undefined) return;
    const delay = this.#repairs.delay(namespace, source.fingerprint, 'background');
    if (delay === 0) this.#queue.add(namespace);
    else if (this.#queue.addAfter(namespace, delay)) this.#reportContest(namespace, delay);
  }

  /** The source of a copy that is to be written although no pod asks for it; undefined for any other copy. */
  #staleAgainst(namespace: string): TokenSource | undefined {
    const { namespaces, markKey } = this.#options;
    const source = this.#source.usable();
    if (!source.ok || !this.#state.isSynced || markKey.key === undefined) return undefined;
    if (this.#stop.signal.aborted || !namespaces.isServed(namespace)) return undefined;
    const plan = this.#plan(namespace, source.value);
    const isStale =
      plan === 'update' || plan === 'adopt' || (plan === 'create' && this.#deleted.has(namespace));
    return isStale ? source.value : undefined;
  }

  async #reconcileInBackground(namespace: string): Promise<void> {
    // Another replica may have been faster while this one waited for its turn.
    const source = this.#staleAgainst(namespace);
    if (source === undefined) return;
    if (this.#repairs.delay(namespace, source.fingerprint, 'background') > 0) {
      this.#queueIfStale(namespace);
      return;
    }
    const settled = await this.#reconcile(namespace, 'background');
    const { log, clock, secret } = this.#options;
    if (settled.ok || this.#stop.signal.aborted) return;
    const { code, retryable } = settled.error;
    if (code === 'TOKEN_NAMESPACE_GONE') {
      this.#deleted.delete(namespace);
      this.#repairs.forget(namespace);
    } else {
      log.warn({ secret: secret.name, namespace, code }, 'token not copied');
    }
    if (retryable) this.#queue.addAfter(namespace, retryMs * (1 + clock.random()));
  }

  #reconcile(namespace: string, cause: 'pod' | 'background'): Promise<Settled> {
    const { secret, api, clock, log, metrics } = this.#options;
    return this.#flights.run(namespace, async () => {
      const source = this.#source.usable();
      const fingerprint = source.ok ? source.value.fingerprint : '';
      const delay = this.#repairs.delay(namespace, fingerprint, cause);
      if (delay > 0) await clock.sleep(delay, this.#stop.signal);
      const isRepair = this.#repairs.isRepair(namespace, fingerprint);
      const settled = await reconcileCopy(namespace, {
        secret,
        api,
        clock,
        signal: this.#stop.signal,
        source: () => this.#source.usable(),
        known: () => this.#store.get(namespace),
        mark: () => this.#markOf(namespace),
        answered: (record) => {
          this.#store.upsert(record);
        },
        maxWrites: isRepair && cause === 'background' ? 1 : maxAttempts,
      });
      if (isWrite(settled)) this.#repairs.settled(namespace, fingerprint, { isRepair });
      if (settled.ok && settled.value !== 'current') {
        log.info({ secret: secret.name, namespace, outcome: settled.value }, 'token copied');
      }
      countSync(metrics, outcomeOf(settled));
      return settled;
    });
  }

  #reportContest(namespace: string, delayMs: number): void {
    const { log, metrics, secret } = this.#options;
    const { code, detail } = copyContested(secret, namespace);
    log.warn({ secret: secret.name, namespace, code, fault: detail, delayMs }, 'token copy restored later');
    countSync(metrics, 'contested');
  }

  #plan(namespace: string, source: TokenSource): CopyPlan {
    return planCopy(this.#store.get(namespace), source, this.#markOf(namespace));
  }

  #markOf(namespace: string): string {
    return this.#options.markKey.markOf({ namespace, name: this.#options.secret.name });
  }

  /** The source may have been made a moment ago: it is read before a pod is refused. */
  async #readSource(): Promise<void> {
    const { api, secret } = this.#options;
    const read = await api.read(secret.sourceNamespace, secret.name, this.#stop.signal);
    if (!read.ok || read.value === undefined) return;
    const { resourceVersion = '0' } = read.value.metadata;
    if (this.#store.isAhead(BigInt(resourceVersion)) && this.#source.set(read.value)) this.#queueAll();
  }

  #count(result: Result<'current', CodedTokenFault>): Result<void, CodedTokenFault> {
    countSync(this.#options.metrics, outcomeOf(result));
    return result.ok ? ok(undefined) : result;
  }
}
