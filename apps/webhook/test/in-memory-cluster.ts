import { setTimeout as sleep } from 'node:timers/promises';

import {
  ApiFault,
  type CertificateApi,
  type StoredSecret,
  type WebhookConfiguration,
} from '../src/certificates/certificate-api.ts';

/** A cluster that holds one secret and both webhook configurations, and checks versions as an API server does. */
export class InMemoryCluster {
  secret: StoredSecret | undefined;
  configurations: readonly WebhookConfiguration[] = [
    { kind: 'MutatingWebhookConfiguration', resourceVersion: '1', webhooks: [{ name: 'm', caBundle: '' }] },
    { kind: 'ValidatingWebhookConfiguration', resourceVersion: '2', webhooks: [{ name: 'v', caBundle: '' }] },
  ];
  /** What every call fails with while it is there. */
  fault: ApiFault | undefined;
  /** What writing a bundle fails with while it is there. */
  bundleFault: ApiFault | undefined;
  /** How long a call takes, to and fro; awaited twice a call. */
  delay: () => Promise<unknown> = () => Promise.resolve();
  /** What recording an Event fails with while it is there. */
  eventFault: ApiFault | undefined;
  onBundle: (kind: WebhookConfiguration['kind'], bundle: string) => void = () => undefined;
  writes: string[] = [];
  events: string[] = [];
  readonly #watchers = new Set<() => void>();
  #version = 2;

  readonly api: CertificateApi = {
    readSecret: (signal) => this.#call(signal, () => this.secret),
    createSecret: (secret, signal) =>
      this.#call(signal, () => {
        if (this.secret !== undefined) throw new ApiFault('conflict', 'AlreadyExists');
        this.writes.push('create');
        const { annotations, data } = secret;
        this.secret = { metadata: { annotations, resourceVersion: this.#nextVersion() }, data };
      }),
    replaceSecret: (secret, signal) =>
      this.#call(signal, () => {
        if (this.secret?.metadata.resourceVersion !== secret.metadata.resourceVersion) {
          throw new ApiFault('conflict', 'Conflict');
        }
        this.writes.push('replace');
        this.secret = { ...secret, metadata: { ...secret.metadata, resourceVersion: this.#nextVersion() } };
      }),
    readConfigurations: (signal) => this.#call(signal, () => this.configurations),
    writeBundle: ({ kind, resourceVersion }, bundle, signal) =>
      this.#call(signal, () => {
        if (this.bundleFault !== undefined) throw this.bundleFault;
        const stored = this.configurations.find((one) => one.kind === kind);
        if (stored?.resourceVersion !== resourceVersion) throw new ApiFault('conflict', 'Conflict');
        this.writes.push('bundle');
        this.setBundle(kind, bundle);
      }),
    watchConfigurations: (changed, signal) => {
      const tell = (): void => {
        for (const configuration of this.configurations) changed(configuration);
      };
      this.#watchers.add(tell);
      tell();
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          this.#watchers.delete(tell);
          resolve();
        });
      });
    },
    warn: (kind, message, signal) =>
      this.#call(signal, () => {
        if (this.eventFault !== undefined) throw this.eventFault;
        this.events.push(`${kind}: ${message}`);
      }),
  };

  /** @param otherWriter who writes it, where that is not the webhook */
  setBundle(kind: WebhookConfiguration['kind'], caBundle: string, otherWriter?: string): void {
    this.configurations = this.configurations.map((one) =>
      one.kind === kind
        ? {
            kind,
            otherWriter: otherWriter ?? one.otherWriter,
            resourceVersion: this.#nextVersion(),
            webhooks: one.webhooks.map((webhook) => ({ ...webhook, caBundle })),
          }
        : one,
    );
    this.onBundle(kind, caBundle);
    for (const tell of this.#watchers) tell();
  }

  bundles(): readonly string[] {
    return this.configurations.flatMap(({ webhooks }) => webhooks.map(({ caBundle }) => caBundle));
  }

  async #call<T>(signal: AbortSignal, act: () => T): Promise<T> {
    await this.delay();
    if (signal.aborted) throw new ApiFault('unavailable', 'aborted');
    if (this.fault !== undefined) throw this.fault;
    const answer = act();
    await this.delay();
    return answer;
  }

  #nextVersion(): string {
    this.#version += 1;
    return String(this.#version);
  }
}

/** Calls take up to some milliseconds, each another time. */
export function upTo(milliseconds: number): () => Promise<unknown> {
  return () => sleep(Math.random() * milliseconds);
}
