/** What the certificates ask of the API server. Everything rejects with an `ApiFault`. */
export interface CertificateApi {
  /** @returns undefined when there is no such secret */
  readSecret(signal: AbortSignal): Promise<StoredSecret | undefined>;
  /** @throws ApiFault `conflict` when somebody else made it */
  createSecret(secret: NewSecret, signal: AbortSignal): Promise<void>;
  /** @throws ApiFault `conflict` when it is not at this `resourceVersion` any more */
  replaceSecret(secret: StoredSecret, signal: AbortSignal): Promise<void>;
  /** Those of both webhook configurations that exist. */
  readConfigurations(signal: AbortSignal): Promise<readonly WebhookConfiguration[]>;
  /**
   * Writes the bundle to every webhook of a configuration.
   *
   * @throws ApiFault `conflict` when it is not at this `resourceVersion` any more
   */
  writeBundle(configuration: WebhookConfiguration, bundle: string, signal: AbortSignal): Promise<void>;
  /** Calls `changed` with each configuration as it is and after every change, until `signal` ends it. Never rejects. */
  watchConfigurations(
    changed: (configuration: WebhookConfiguration) => void,
    signal: AbortSignal,
  ): Promise<void>;
  /** Records an Event of type Warning about a configuration in the webhook's namespace. */
  warn(kind: WebhookConfiguration['kind'], message: string, signal: AbortSignal): Promise<void>;
}

export interface NewSecret {
  readonly annotations: Readonly<Record<string, string>>;
  /** Texts, not base64. */
  readonly data: Readonly<Record<string, string>>;
}

export interface StoredSecret {
  /** As the API server has it; what is not ours in there goes back unchanged. */
  readonly metadata: {
    readonly resourceVersion: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  /** Cannot be changed once it is there. */
  readonly type?: string | undefined;
  /** Texts, not base64. */
  readonly data: Readonly<Record<string, string>>;
}

export interface WebhookConfiguration {
  readonly kind: 'MutatingWebhookConfiguration' | 'ValidatingWebhookConfiguration';
  readonly resourceVersion: string;
  /** Who else changed it last, by the name under `managedFields`; undefined where that is not known. */
  readonly otherWriter?: string | undefined;
  readonly webhooks: readonly {
    readonly name: string;
    /** PEM; empty when there is none. */
    readonly caBundle: string;
  }[];
}

/**
 * `conflict`: somebody was faster, so that what one acted on has to be read again; `unavailable`: anything else,
 * to be tried again later.
 */
export type ApiFaultKind = 'conflict' | 'unavailable';

export class ApiFault extends Error {
  override readonly name = 'ApiFault';
  readonly kind: ApiFaultKind;

  constructor(kind: ApiFaultKind, message: string) {
    super(message);
    this.kind = kind;
  }
}
