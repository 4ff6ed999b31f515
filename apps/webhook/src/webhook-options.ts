import type { LogLevel } from '@bwki/daemon';

import type { NamespacesChoice } from './namespaces/start-watched-namespaces.ts';
import type { ResourceOffersChoice } from './offers/open-resource-offers.ts';
import type { PolicySettings } from './policy/read-policy.ts';
import type { CertificateChoice } from './tls/open-certificates.ts';
import type { TokenCopiesChoice } from './token/start-token-copies.ts';

/** How a webhook is to run; see `--help` for what each is for. */
export interface WebhookOptions {
  /** The address to listen at, for both ports; undefined for all of them. */
  readonly host?: string | undefined;
  /** 0 for any free one. */
  readonly port: number;
  readonly healthPort: number;
  readonly certificate: CertificateChoice;
  /** PEM: the CA of the certificates that clients have to show. Undefined where every client is answered. */
  readonly clientCaFile?: string | undefined;
  readonly policy: PolicySettings;
  /** Undefined where every namespace is served, unless tokens are copied: then as by default. */
  readonly namespaces?: NamespacesChoice | undefined;
  /** Undefined where no token is copied: the namespaces have to hold theirs. */
  readonly tokenCopies?: TokenCopiesChoice | undefined;
  /** Undefined where nobody asks whether a node offers the resource. */
  readonly resourceOffers?: ResourceOffersChoice | undefined;
  /** Offers HTTP/2 besides HTTP/1.1. */
  readonly http2: boolean;
  readonly logLevel: LogLevel;
  /** From being unready to closing, so that no client comes any more. */
  readonly drainMs: number;
  /** From closing to cutting off what is still not answered. */
  readonly graceMs: number;
  /** From one look at the files to the next. */
  readonly pollMs: number;
}

/** What `--standalone` means, on ports that are free: for tests, and for programs that start a webhook. */
export const standaloneOptions: WebhookOptions = Object.freeze<WebhookOptions>({
  host: '127.0.0.1',
  port: 0,
  healthPort: 0,
  certificate: { kind: 'memory' },
  policy: {},
  http2: false,
  logLevel: 'info',
  drainMs: 0,
  graceMs: 20_000,
  pollMs: 1000,
});
