import type { Log } from '@bwki/daemon';
import { type Clock, systemClock } from '@bwki/timing';

import type { Metrics } from '../metrics.ts';
import type { CertificateSource, ServingCertificate } from '../tls/certificate-source.ts';
import { BundleWriter } from './bundle-writer.ts';
import {
  ApiFault,
  type CertificateApi,
  type StoredSecret,
  type WebhookConfiguration,
} from './certificate-api.ts';
import { caBundleOf, emptyState, readState, writeState, type CertificateState } from './certificate-state.ts';
import type { Generation } from './generation.ts';
import { issueGeneration } from './issue-generation.ts';
import { isReported, withReport, type OwnReport } from './replica-report.ts';
import { nextStep, type RotationStep } from './rotation.ts';
import {
  defaultLeewayMs,
  defaultLifeMs,
  defaultLookMs,
  defaultSettleMs,
  lookMsBefore,
} from './rotation-schedule.ts';
import { SteadyBundle } from './steady-bundle.ts';

export interface OwnCertificatesOptions {
  readonly api: CertificateApi;
  /** DNS names and IP addresses by which API servers call the webhook; see `serviceNames`. */
  readonly names: readonly string[];
  /** The name of this replica, such as its pod's, which no other has. */
  readonly replica: string;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly now: () => Date;
  readonly clock?: Pick<Clock, 'sleep'> | undefined;
  /**
   * How long certificates live; each is replaced after two thirds of that. One of another life is replaced at once.
   * Default 90 days; with less than `leastLifeMs` a rotation is not safe.
   */
  readonly lifeMs?: number | undefined;
  /** How far before its making a certificate begins, the same for all replicas. Default `defaultLeewayMs`. */
  readonly leewayMs?: number | undefined;
  /** How long API servers have to act on changed configurations, while there is time. Default `defaultSettleMs`. */
  readonly settleMs?: number | undefined;
  /** From one look at the cluster to the next, while there is time. Default `defaultLookMs`. */
  readonly lookMs?: number | undefined;
}

type Times = Readonly<Record<'lifeMs' | 'leewayMs' | 'settleMs' | 'lookMs', number>>;

/** Changes that follow one another within one look; a conflict with other replicas counts as one. */
const changesPerLook = 12;

/** For the last words of a replica that ends: whoever ends it does not wait for ever. */
const farewellMs = 3000;

/**
 * A certificate of the webhook's own CA, shared by all replicas through a secret, whose CA is in both webhook
 * configurations; replaced in time, with an overlap that lets no call fail (B54). Resolves once there is something to
 * serve and the other replicas can know; until then it tries for as long as it takes.
 *
 * @param signal ends a start that has not come to its end
 * @throws the signal's reason
 */
export async function startOwnCertificates(
  options: OwnCertificatesOptions,
  signal: AbortSignal = new AbortController().signal,
): Promise<CertificateSource & AsyncDisposable> {
  const certificates = new OwnCertificates(options);
  await certificates.start(signal);
  return certificates;
}

class OwnCertificates implements CertificateSource, AsyncDisposable {
  readonly #options: OwnCertificatesOptions & Times & { readonly clock: Pick<Clock, 'sleep'> };
  readonly #listeners = new Set<(certificate: ServingCertificate) => void>();
  readonly #ended = new AbortController();
  readonly #bundle: SteadyBundle;
  readonly #writer: BundleWriter;
  #serving: Generation | undefined;
  /** As the secret was last known: what it is made of again when it is deleted or broken. */
  #lastState: CertificateState = emptyState;
  #looking: Promise<unknown> = Promise.resolve();
  /** Somebody has changed a bundle since the last look began. */
  #isChanged = false;
  #wake: () => void = () => undefined;

  constructor(options: OwnCertificatesOptions) {
    const { clock = systemClock, lifeMs = defaultLifeMs, leewayMs = defaultLeewayMs } = options;
    const { settleMs = defaultSettleMs(lifeMs), lookMs = defaultLookMs(lifeMs) } = options;
    this.#options = { ...options, clock, lifeMs, leewayMs, settleMs, lookMs };
    this.#bundle = new SteadyBundle(this.#options.settleMs);
    this.#writer = new BundleWriter(options);
  }

  current(): ServingCertificate {
    if (this.#serving === undefined) throw new Error('not started');
    return this.#serving;
  }

  onChange(listener: (certificate: ServingCertificate) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  async start(signal: AbortSignal): Promise<void> {
    const { clock, lookMs, log } = this.#options;
    for (;;) {
      signal.throwIfAborted();
      const isDone = await this.#look(signal).catch((error: unknown) => {
        if (!(error instanceof ApiFault)) throw error;
        log.warn({ fault: error.message }, 'no certificate yet: the API server is asked again');
        return false;
      });
      if (isDone) break;
      await clock.sleep(Math.min(lookMs, 1000), signal);
    }
    this.#looking = Promise.all([this.#keepLooking(this.#ended.signal), this.#watchBundles()]);
  }

  /** Ends the looking, and tells the other replicas not to wait for this one; call it when nothing is served. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    await this.#looking;
    await this.#sayGoodbye(AbortSignal.timeout(farewellMs)).catch((error: unknown) => {
      this.#options.log.warn({ fault: textOf(error) }, 'the secret still names this replica');
    });
  }

  #watchBundles(): Promise<void> {
    const changed = (configuration: WebhookConfiguration): void => {
      if (!this.#writer.hasToRepair(configuration, caBundleOf(this.#lastState))) return;
      this.#isChanged = true;
      this.#wake();
    };
    return this.#options.api.watchConfigurations(changed, this.#ended.signal);
  }

  async #keepLooking(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    for (;;) {
      const woken = new AbortController();
      this.#wake = () => {
        woken.abort();
      };
      if (!this.#isChanged) await clock.sleep(this.#lookMs(), AbortSignal.any([signal, woken.signal]));
      if (signal.aborted) return;
      this.#isChanged = false;
      try {
        await this.#look(signal);
      } catch (error) {
        if (this.#ended.signal.aborted) return;
        // What is served goes on being served, and its expiry is a metric: no reason to end.
        log.error(
          { fault: textOf(error), notAfter: this.#serving?.notAfter },
          'certificates not looked after',
        );
      }
    }
  }

  #lookMs(): number {
    const { lookMs, now } = this.#options;
    return this.#serving === undefined ? lookMs : lookMsBefore(this.#serving.notAfter, now(), lookMs);
  }

  /** Changes what has to be changed until there is nothing more to do for now; true then. */
  async #look(signal: AbortSignal): Promise<boolean> {
    for (let changes = 0; changes < changesPerLook; changes += 1) {
      try {
        if (!(await this.#changeSomething(signal))) return true;
      } catch (error) {
        if (!(error instanceof ApiFault && error.kind === 'conflict')) throw error;
      }
    }
    return false;
  }

  /**
   * One change at most, true when there was one: then everything is read anew. The configurations are read before the
   * secret, so that a bundle is written by a state that is no older than what it overwrites; else a slow replica could
   * take out a CA that another one has just put in.
   */
  async #changeSomething(signal: AbortSignal): Promise<boolean> {
    const { api, now, log } = this.#options;
    const configurations = await api.readConfigurations(signal);
    const secret = await api.readSecret(signal);
    const stored = secret === undefined ? emptyState : readState(secret);
    const isLost = stored.current === undefined && this.#lastState.current !== undefined;
    const state = isLost ? this.#lastState : stored;
    this.#lastState = state;
    if (isLost) log.warn({ isDeleted: secret === undefined }, 'certificate secret lost, written again');
    if (state.current !== undefined) this.#serve(state.current);

    const isKnown = !isLost && state.replicas.has(this.#options.replica);
    const isSettled = this.#bundle.isSettled({ state, configurations, isKnown }, now());
    const step = nextStep(state, { ...this.#options, now: now(), isSettled });
    if (!isKnown || step.kind !== 'none' || !isReported(state, this.#report(), now())) {
      await this.#write(secret, withReport(await this.#take(step, state), this.#report(), now()), signal);
      if (step.kind !== 'none') log.info(step, 'certificate rotation');
      return true;
    }

    return this.#writer.write(configurations, caBundleOf(state), signal);
  }

  /** The state after a step. */
  async #take(step: RotationStep, state: CertificateState): Promise<CertificateState> {
    const { current, next } = state;
    switch (step.kind) {
      case 'none':
        return state;
      case 'issue':
        return { ...state, current: await this.#issue(), next: undefined, previousCa: undefined };
      case 'announce':
        return { ...state, next: await this.#issue() };
      case 'promote':
        return { ...state, current: next, next: undefined, previousCa: current && authorityOf(current) };
      case 'retire':
        return { ...state, previousCa: undefined };
    }
  }

  #issue(): Promise<Generation> {
    return issueGeneration({ ...this.#options, now: this.#options.now() });
  }

  /** What this replica says of itself: a certificate that is being written is not served yet. */
  #report(): OwnReport {
    const { replica, lifeMs } = this.#options;
    return { replica, lifeMs, serves: this.#serving?.fingerprint };
  }

  async #write(
    secret: StoredSecret | undefined,
    state: CertificateState,
    signal: AbortSignal,
  ): Promise<void> {
    const { api } = this.#options;
    const { data, annotations } = writeState(state);
    if (secret === undefined) return api.createSecret({ data, annotations }, signal);
    const { metadata } = secret;
    const changed = { ...metadata, annotations: { ...metadata.annotations, ...annotations } };
    return api.replaceSecret({ ...secret, metadata: changed, data }, signal);
  }

  #serve(generation: Generation): void {
    if (generation.fingerprint === this.#serving?.fingerprint) return;
    this.#serving = generation;
    const { log, metrics } = this.#options;
    metrics.certificateReloads.inc({ outcome: 'loaded' });
    log.info({ notAfter: generation.notAfter }, 'certificate loaded');
    for (const listener of this.#listeners) listener(generation);
  }

  async #sayGoodbye(signal: AbortSignal): Promise<void> {
    const { api, replica } = this.#options;
    for (;;) {
      const secret = await api.readSecret(signal);
      if (secret === undefined) return;
      const state = readState(secret);
      if (state.current === undefined || !state.replicas.has(replica)) return;
      const others = new Map([...state.replicas].filter(([name]) => name !== replica));
      try {
        await this.#write(secret, { ...state, replicas: others }, signal);
        return;
      } catch (error) {
        if (!(error instanceof ApiFault && error.kind === 'conflict')) throw error;
      }
    }
  }
}

function authorityOf({ ca, notAfter }: Generation): CertificateState['previousCa'] {
  return { pem: ca, notAfter };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
