import type { Log } from '@bwki/daemon';

import { ApiFault, type CertificateApi, type WebhookConfiguration } from './certificate-api.ts';
import { RepairPace } from './repair-pace.ts';

type Kind = WebhookConfiguration['kind'];

interface Written {
  /** The bundle that the configuration was last seen to hold in all its webhooks. */
  held: string | undefined;
  readonly pace: RepairPace;
}

/**
 * Keeps one `caBundle` in all webhooks of both configurations. A bundle that somebody else has taken out is written
 * again at once, with an Event that names the other writer, and ever later while they keep at it.
 */
export class BundleWriter {
  readonly #api: CertificateApi;
  readonly #log: Log;
  readonly #written: Readonly<Record<Kind, Written>>;

  constructor({
    api,
    log,
    now,
  }: {
    readonly api: CertificateApi;
    readonly log: Log;
    readonly now: () => Date;
  }) {
    this.#api = api;
    this.#log = log;
    const nothing = (): Written => ({ held: undefined, pace: new RepairPace(now) });
    this.#written = { MutatingWebhookConfiguration: nothing(), ValidatingWebhookConfiguration: nothing() };
  }

  /** Whether a bundle that was there is gone, and may be written again now. */
  hasToRepair(configuration: WebhookConfiguration, bundle: string): boolean {
    const { held, pace } = this.#written[configuration.kind];
    return held === bundle && !holds(configuration, bundle) && pace.mayRepair();
  }

  /**
   * Writes the bundle where it is missing.
   *
   * @returns whether anything was written
   * @throws ApiFault `conflict` where somebody else has written meanwhile
   */
  async write(
    configurations: readonly WebhookConfiguration[],
    bundle: string,
    signal: AbortSignal,
  ): Promise<boolean> {
    let isWritten = false;
    for (const configuration of configurations) {
      const { kind } = configuration;
      const written = this.#written[kind];
      if (holds(configuration, bundle)) {
        written.held = bundle;
        continue;
      }
      const isRepair = written.held === bundle;
      if (isRepair && !written.pace.mayRepair()) continue;
      await this.#api.writeBundle(configuration, bundle, signal);
      isWritten = true;
      this.#log.info({ configuration: kind }, 'caBundle written');
      if (!isRepair) continue;
      written.pace.repaired();
      await this.#reportRepair(configuration, signal);
    }
    return isWritten;
  }

  async #reportRepair({ kind, otherWriter }: WebhookConfiguration, signal: AbortSignal): Promise<void> {
    const writer = otherWriter ?? 'another writer';
    this.#log.warn(
      { configuration: kind, writer },
      'caBundle was changed by another writer, and is written again',
    );
    const message = `${writer} changed caBundle, and the webhook has written it again: have ${writer} ignore webhooks[*].clientConfig.caBundle`;
    try {
      await this.#api.warn(kind, message, signal);
    } catch (error) {
      if (!(error instanceof ApiFault)) throw error;
      this.#log.warn({ fault: error.message }, 'no Event recorded');
    }
  }
}

function holds({ webhooks }: WebhookConfiguration, bundle: string): boolean {
  return webhooks.every(({ caBundle }) => caBundle === bundle);
}
