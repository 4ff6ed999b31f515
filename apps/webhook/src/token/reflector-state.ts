import type { Log } from '@bwki/daemon';
import { untilAborted } from '@bwki/timing';

import { isAccessDenied, type ApiFailure } from '../cluster/api-failure.ts';
import { WatchReport } from '../cluster/watch-report.ts';
import { accessDenied, apiUnavailable, type CodedTokenFault, type TokenSecret } from './token-faults.ts';

/** An API server that has just started denies everything for a moment, until it has read the roles. */
const denialsBelieved = 5;

/** How the list and watch of a secret's name are doing, for those who wait for them and for the log. */
export class ReflectorState {
  readonly #secret: TokenSecret;
  readonly #report: WatchReport;
  /** Resolves with the first list, or once it is clear that there will be none. */
  readonly #first = Promise.withResolvers<undefined>();
  #isSynced = false;
  #denied: ApiFailure | undefined;
  #denials = 0;

  constructor(secret: TokenSecret, log: Log) {
    this.#secret = secret;
    this.#report = new WatchReport(log, 'secrets', { secret: secret.name });
  }

  /** Whether the secrets were listed once; what is known stays so while the API server is away. */
  get isSynced(): boolean {
    return this.#isSynced;
  }

  /** Waits for the first list; gives why a pod of the namespace has to go without, or undefined. */
  async fault(namespace: string, signal: AbortSignal): Promise<CodedTokenFault | undefined> {
    if (this.#isSynced) return undefined;
    await untilAborted(this.#first.promise, signal);
    if (this.isSynced) return undefined;
    if (this.#denied !== undefined) return accessDenied(this.#secret, this.#denied);
    return apiUnavailable(this.#secret, namespace, this.#report.lastFailure ?? 'no answer in time');
  }

  listed(): void {
    this.#isSynced = true;
    this.#denials = 0;
    this.#denied = undefined;
    this.#first.resolve(undefined);
  }

  opened(): void {
    this.#report.opened();
  }

  failed(step: 'list' | 'watch', failure: ApiFailure): void {
    this.#denials = isAccessDenied(failure) ? this.#denials + 1 : 0;
    this.#denied = this.#denials < denialsBelieved ? undefined : failure;
    if (this.#denied !== undefined) this.#first.resolve(undefined);
    this.#report.failed(step, failure);
  }
}
