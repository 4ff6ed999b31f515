import type { Log } from '@bwki/daemon';
import { err, ok, type Result } from '@bwki/plain-data';
import { type Clock, untilAborted } from '@bwki/timing';

import type { Metrics } from '../metrics.ts';
import { followObjects } from '../cluster/follow-objects.ts';
import { planCopy } from './copy-plan.ts';
import { FollowerState } from './follower-state.ts';
import type { Secret, SecretApi } from './secret-api.ts';
import { SecretCache } from './secret-cache.ts';
import { recordOf, type SecretRecord } from './secret-record.ts';
import { settleCopy, type Settled } from './settle-copy.ts';
import { shuffled } from './shuffled.ts';
import { SingleFlight } from './single-flight.ts';
import { apiUnavailable, type CodedTokenFault, type TokenSecret } from './token-faults.ts';
import { SourceState } from './source-state.ts';
import { countSync, outcomeOf } from './sync-outcome.ts';
import { WorkQueue } from './work-queue.ts';

export interface TokenSecretSyncOptions {
  readonly secret: TokenSecret;
  readonly api: SecretApi;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** How many copies are written at once when the source has changed. */
  readonly parallel: number;
}

/** Until a copy that could not be written is tried again without anybody's asking; doubled at most by chance. */
const retryMs = 5000;

/** Keeps the copies of one secret as the source is (B52): when a pod needs one, and when a source or copy changes. */
export class TokenSecretSync implements AsyncDisposable {
  readonly #options: TokenSecretSyncOptions;
  readonly #state: FollowerState;
  readonly #source: SourceState;
  readonly #cache: SecretCache;
  readonly #flights = new SingleFlight<Result<Settled, CodedTokenFault>>();
  readonly #queue: WorkQueue;
  readonly #stop = new AbortController();
  readonly #following: Promise<void>;
  /** Namespaces whose copy somebody deleted. */
  readonly #deleted = new Set<string>();

  constructor(options: TokenSecretSyncOptions) {
    const { secret, log, parallel } = options;
    this.#options = options;
    this.#state = new FollowerState(secret, log);
    this.#source = new SourceState(secret, options, this.#stop.signal);
    this.#cache = new SecretCache((...change) => {
      this.#onCopyChange(...change);
    });
    this.#queue = new WorkQueue({ parallel, work: (namespace) => this.#settleInBackground(namespace) });
    this.#following = this.#follow();
  }

  /** Why pods should not be sent here yet; undefined once the secrets are known. */
  unready(): string | undefined {
    return this.#state.isSynced ? undefined : `secrets ${this.#options.secret.name} are not known yet`;
  }

  /** @param signal ends the wait, but not what others wait for too */
  async ensure(namespace: string, signal: AbortSignal): Promise<Result<void, CodedTokenFault>> {
    const fault = await this.#state.fault(namespace, signal);
    if (fault !== undefined) return this.#count(err(fault));
    let source = this.#source.usable();
    if (!source.ok) {
      await untilAborted(this.#lookAtSource(), signal);
      // Deleted only now, it is most likely being replaced: pods wait for the new one, and get that.
      await untilAborted(this.#source.replacement, signal);
      source = this.#source.usable();
    }
    if (!source.ok) return this.#count(source);
    const { secret } = this.#options;
    const isCurrent =
      namespace === secret.sourceNamespace ||
      planCopy(this.#cache.get(namespace), source.value) === 'current';
    if (isCurrent) return this.#count(ok('current'));
    const settled = await untilAborted(this.#settle(namespace), signal);
    if (settled === undefined) return err(apiUnavailable(secret, namespace, 'no answer in time'));
    return settled.ok ? ok(undefined) : settled;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#following;
    await this.#queue.close();
    await this.#flights.settled();
  }

  async #follow(): Promise<void> {
    const { secret, api, clock } = this.#options;
    const { sourceNamespace } = secret;
    const versionOf = ({ metadata }: Secret): bigint => BigInt(metadata.resourceVersion ?? '0');
    await followObjects({
      collection: api.named(secret.name),
      clock,
      signal: this.#stop.signal,
      listener: {
        listed: (secrets, resourceVersion) => {
          const source = secrets.find(({ metadata }) => metadata.namespace === sourceNamespace);
          this.#source.set(source);
          const copies = secrets.filter((one) => one !== source);
          this.#cache.replace(copies.map(recordOf), BigInt(resourceVersion));
          this.#state.listed();
          this.#queueAll();
        },
        put: (changed) => {
          this.#tell(changed, recordOf(changed), versionOf(changed));
        },
        removed: (changed) => {
          this.#tell(changed, undefined, versionOf(changed));
        },
        bookmark: (resourceVersion) => {
          this.#cache.bookmark(BigInt(resourceVersion));
        },
        opened: () => {
          this.#state.opened();
        },
        failed: (step, failure) => {
          this.#state.failed(step, failure);
        },
      },
    });
  }

  #tell(secret: Secret, record: SecretRecord | undefined, version: bigint): void {
    const { namespace } = secret.metadata;
    if (namespace !== this.#options.secret.sourceNamespace) {
      this.#cache.tell(namespace, record, version);
      return;
    }
    this.#cache.bookmark(version);
    if (this.#source.set(record === undefined ? undefined : secret)) this.#queueAll();
  }

  #onCopyChange(namespace: string, record: SecretRecord | undefined, before: SecretRecord | undefined): void {
    if (record !== undefined) this.#deleted.delete(namespace);
    else if (before?.isOurs === true) this.#deleted.add(namespace);
    this.#queueIfStale(namespace);
  }

  #queueAll(): void {
    const namespaces = [...this.#cache.namespaces(), ...this.#deleted];
    for (const namespace of shuffled(namespaces, this.#options.clock)) this.#queueIfStale(namespace);
  }

  #queueIfStale(namespace: string): void {
    if (this.#isStale(namespace)) this.#queue.add(namespace);
  }

  /** Whether a copy is to be written although no pod asks for it. */
  #isStale(namespace: string): boolean {
    const source = this.#source.usable();
    if (!source.ok || !this.#state.isSynced || this.#stop.signal.aborted) return false;
    const plan = planCopy(this.#cache.get(namespace), source.value);
    return plan === 'update' || plan === 'adopt' || (plan === 'create' && this.#deleted.has(namespace));
  }

  async #settleInBackground(namespace: string): Promise<void> {
    // Another replica may have been faster while this one waited for its turn.
    if (!this.#isStale(namespace)) return;
    const settled = await this.#settle(namespace);
    const { log, clock, secret } = this.#options;
    if (settled.ok || this.#stop.signal.aborted) return;
    const { code, retryable } = settled.error;
    if (code === 'TOKEN_NAMESPACE_GONE') this.#deleted.delete(namespace);
    else log.warn({ secret: secret.name, namespace, code }, 'token not copied');
    if (!retryable) return;
    void clock.sleep(retryMs * (1 + clock.random()), this.#stop.signal).then(() => {
      this.#queueIfStale(namespace);
    });
  }

  #settle(namespace: string): Promise<Result<Settled, CodedTokenFault>> {
    const { secret, api, clock, log } = this.#options;
    return this.#flights.run(namespace, async () => {
      const settled = await settleCopy(namespace, {
        secret,
        api,
        clock,
        signal: this.#stop.signal,
        source: () => this.#source.usable(),
        known: () => this.#cache.get(namespace),
        answered: (record) => {
          this.#cache.answered(record);
        },
      });
      if (settled.ok && settled.value !== 'current') {
        log.info({ secret: secret.name, namespace, outcome: settled.value }, 'token copied');
      }
      countSync(this.#options.metrics, outcomeOf(settled));
      return settled;
    });
  }

  /** It may have been made just now: a refusal is worth a look. */
  async #lookAtSource(): Promise<void> {
    const { api, secret } = this.#options;
    const read = await api.read(secret.sourceNamespace, secret.name, this.#stop.signal);
    if (!read.ok || read.value === undefined) return;
    const { resourceVersion = '0' } = read.value.metadata;
    if (this.#cache.isAhead(BigInt(resourceVersion)) && this.#source.set(read.value)) this.#queueAll();
  }

  #count(result: Result<'current', CodedTokenFault>): Result<void, CodedTokenFault> {
    countSync(this.#options.metrics, outcomeOf(result));
    return result.ok ? ok(undefined) : result;
  }
}
