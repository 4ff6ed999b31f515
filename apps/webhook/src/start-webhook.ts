import { setTimeout as sleep } from 'node:timers/promises';

import {
  clientHost,
  Closers,
  closeServer,
  healthServer,
  listen,
  listeningAddress,
  type Log,
} from '@bwki/daemon';

import { admissionEndpoint } from './admission/admission-endpoint.ts';
import type { ResourceOffers } from './admission/resource-offers.ts';
import type { TokenCopies } from './admission/token-copies.ts';
import { admissionApp } from './http/admission-app.ts';
import { createAdmissionServer } from './http/admission-server.ts';
import { BodyBudget } from './http/body-budget.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { startWatchedNamespaces } from './namespaces/start-watched-namespaces.ts';
import type { WatchedNamespaces } from './namespaces/watched-namespaces.ts';
import { openResourceOffers } from './offers/open-resource-offers.ts';
import { policyFile, type PolicyFileOptions } from './policy/policy-file.ts';
import type { PolicySource } from './policy/policy-source.ts';
import { openCertificates } from './tls/open-certificates.ts';
import { type ClientCa, clientCaFile } from './tls/client-ca-file.ts';
import { startTokenCopies } from './token/start-token-copies.ts';
import type { RunningTokenCopies } from './token/token-copy-controllers.ts';
import type { CertificateSource, ServingCertificate } from './tls/certificate-source.ts';
import type { WebhookOptions } from './webhook-options.ts';

/** What the webhook takes from its surroundings. What is left out comes from the options, or is not done. */
export interface WebhookSurroundings {
  readonly log: Log;
  /** Default: a set of its own. */
  readonly metrics?: Metrics | undefined;
  readonly now?: (() => Date) | undefined;
  readonly policy?: PolicySource | undefined;
  readonly certificates?: CertificateSource | undefined;
  readonly tokenCopies?: TokenCopies | undefined;
  readonly resourceOffers?: ResourceOffers | undefined;
  /** Ends a start that waits for the API server; the start rejects with its reason then. */
  readonly signal?: AbortSignal | undefined;
}

/** A webhook that answers. Disposing of it drains it: no request that it has taken is lost (B55). */
export interface Webhook extends AsyncDisposable {
  /** Where a client of this machine finds it: `https://127.0.0.1:8443` */
  readonly url: string;
  /** `http://127.0.0.1:8081` */
  readonly healthUrl: string;
  /** PEM: what a client has to trust; the certificate itself where it is made in memory. */
  readonly caBundle: string;
}

/**
 * Starts the webhook; resolves once both ports are open.
 *
 * @throws StartFault for a configuration, a certificate or a port that cannot be used, with every fault found
 */
export async function startWebhook(
  options: WebhookOptions,
  surroundings: WebhookSurroundings,
): Promise<Webhook> {
  const closers = new Closers();
  try {
    return await open(options, surroundings, closers);
  } catch (error) {
    await closers.close();
    throw error;
  }
}

async function open(
  options: WebhookOptions,
  surroundings: WebhookSurroundings,
  closers: Closers,
): Promise<Webhook> {
  const { log, metrics = createMetrics(), now = () => new Date(), signal } = surroundings;
  const { host, pollMs } = options;
  const policy =
    surroundings.policy ?? (await openPolicy({ settings: options.policy, pollMs, log, metrics }, closers));

  // Before what waits for the API server: who asks is told.
  const readiness: Readiness = {
    isDraining: false,
    certificates: undefined,
    namespaces: undefined,
    ownCopies: undefined,
  };
  const health = healthServer({ registry: metrics.registry, unready: () => unready(readiness, now()) });
  const healthPort = await listen(health, { host, port: options.healthPort, portOption: '--healthPort' });
  closers.add(() => closeServer(health, options.graceMs));

  const certificates =
    surroundings.certificates ??
    (await openCertificates(options.certificate, { pollMs, now, log, metrics, signal }, closers));

  const namespaces = await openNamespaces(options, log, closers);
  const ownCopies =
    surroundings.tokenCopies === undefined && options.tokenCopies !== undefined && namespaces !== undefined
      ? await startTokenCopies({
          ...options.tokenCopies,
          tokenSecrets: () => policy.current().tokenSecrets,
          namespaces,
          log,
          metrics,
        })
      : undefined;
  if (ownCopies !== undefined) closers.add(() => ownCopies[Symbol.asyncDispose]());
  const tokenCopies = surroundings.tokenCopies ?? ownCopies;
  Object.assign(readiness, { certificates, namespaces, ownCopies } satisfies Partial<Readiness>);
  const resourceOffers =
    surroundings.resourceOffers ??
    (options.resourceOffers && (await openResourceOffers(options.resourceOffers, { log, metrics }, closers)));

  const clientCa = await openClientCa(options, log, closers);
  const context = { policy, log, metrics, tokenCopies, resourceOffers, namespaces };
  const admission = createAdmissionServer({
    certificate: certificates.current(),
    clientCa: clientCa?.current(),
    http2: options.http2,
    handler: admissionApp({
      mutate: admissionEndpoint('mutate', context),
      validate: admissionEndpoint('validate', context),
      bodies: new BodyBudget(),
      isDraining: () => readiness.isDraining,
    }),
  });
  const showDates = ({ notBefore, notAfter }: ServingCertificate): void => {
    metrics.certificateStart.set(notBefore.getTime() / 1000);
    metrics.certificateExpiry.set(notAfter.getTime() / 1000);
  };
  showDates(certificates.current());
  const listening = certificates.onChange((certificate) => {
    admission.serve(certificate, clientCa?.current());
    showDates(certificate);
  });
  closers.add(() => {
    listening[Symbol.dispose]();
  });

  clientCa?.onChange(() => {
    admission.serve(certificates.current(), clientCa.current());
  });

  const port = await listen(admission.server, { host, port: options.port, portOption: '--port' });
  closers.add(async () => {
    readiness.isDraining = true;
    log.info({ drainMs: options.drainMs }, 'draining');
    await sleep(options.drainMs);
    admission.sayGoodbye();
    await closeServer(admission.server, options.graceMs);
    log.info('closed');
  });

  log.info(
    { url: `https://${listeningAddress(admission.server)}`, healthUrl: `http://${listeningAddress(health)}` },
    'listening',
  );
  return {
    url: `https://${clientHost(host)}:${port}`,
    healthUrl: `http://${clientHost(host)}:${healthPort}`,
    caBundle: certificates.current().ca ?? certificates.current().cert,
    [Symbol.asyncDispose]: () => closers.close(),
  };
}

async function openClientCa(
  { clientCaFile: file, pollMs }: WebhookOptions,
  log: Log,
  closers: Closers,
): Promise<ClientCa | undefined> {
  if (file === undefined) return undefined;
  const clientCa = await clientCaFile({ file, pollMs, log });
  closers.add(() => {
    clientCa[Symbol.dispose]();
  });
  return clientCa;
}

async function openPolicy(options: PolicyFileOptions, closers: Closers): Promise<PolicySource> {
  const policy = await policyFile(options);
  closers.add(() => {
    policy[Symbol.dispose]();
  });
  return policy;
}

/** Copies of the token need to know the namespaces, whether or not it was asked for. */
async function openNamespaces(
  { namespaces, tokenCopies }: WebhookOptions,
  log: Log,
  closers: Closers,
): Promise<WatchedNamespaces | undefined> {
  const choice = namespaces ?? tokenCopies;
  if (choice === undefined) return undefined;
  const watched = await startWatchedNamespaces(choice, { log });
  closers.add(() => watched[Symbol.asyncDispose]());
  return watched;
}

/** What `/readyz` tells of; undefined is what there is not yet. */
interface Readiness {
  isDraining: boolean;
  certificates: CertificateSource | undefined;
  namespaces: WatchedNamespaces | undefined;
  ownCopies: RunningTokenCopies | undefined;
}

/** Why no request should come here now. */
function unready(
  { isDraining, certificates, namespaces, ownCopies }: Readiness,
  now: Date,
): readonly string[] {
  return [
    ...(isDraining ? ['shutting down'] : []),
    ...(certificates === undefined
      ? ['there is no certificate yet']
      : expiredAt(certificates.current().notAfter, now)),
    ...[namespaces?.unready() ?? []].flat(),
    ...(ownCopies?.unready() ?? []),
  ];
}

/** A webhook whose certificate has expired is trusted by nobody: it had better be seen. */
function expiredAt(notAfter: Date, now: Date): readonly string[] {
  return notAfter <= now ? [`the certificate expired at ${notAfter.toISOString()}`] : [];
}
