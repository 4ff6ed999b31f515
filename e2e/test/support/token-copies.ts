import { randomUUID } from 'node:crypto';

import {
  createLog,
  createMetrics,
  objectNames,
  rbacObjects,
  startTokenCopies,
  startWatchedNamespaces,
  type RunningTokenCopies,
} from '@bwki/webhook';

import { ApiError, type ApiObject, type ApiReference, type ControlPlane } from '../../harness/index.ts';

export const tokenSecret = 'bitfusion-secret';
export const tokenSecrets = Object.freeze({
  'ca.crt': tokenSecret,
  'client.yaml': tokenSecret,
  'servers.conf': tokenSecret,
});

const base64 = (text: string): string => Buffer.from(text).toString('base64');

export const tokenData = (version: string): Readonly<Record<string, string>> => ({
  'ca.crt': base64(`ca ${version}`),
  'client.yaml': base64(`t0ken ${version}`),
  'servers.conf': base64(`servers ${version}`),
});

export function secretOf(namespace: string, data: Readonly<Record<string, string>>): ApiObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: tokenSecret, namespace }, data };
}

/** Writes the source, over what is there. */
export async function putSource(plane: ControlPlane, version: string): Promise<void> {
  const source = secretOf('kube-system', tokenData(version));
  await plane.api.create(source).catch((error: unknown) => {
    if (!(error instanceof ApiError && error.code === 409)) throw error;
    return plane.api.replace(source);
  });
}

export async function readSecret(plane: ControlPlane, namespace: string): Promise<ApiObject | undefined> {
  const reference: ApiReference = secretOf(namespace, {});
  return plane.api.read(reference).catch((error: unknown) => {
    if (error instanceof ApiError && error.code === 404) return undefined;
    throw error;
  });
}

/** The webhook's account with the roles as they are shipped; gives a kubeconfig that speaks as it. */
export async function shippedAccount(plane: ControlPlane, resourceOffers = false): Promise<string> {
  const objects = rbacObjects({ tokenSecrets: [tokenSecret], ownCertificates: false, resourceOffers });
  await plane.createNamespace(objectNames.namespace, { exact: true });
  for (const object of Object.values(objects)) await plane.api.create(object as ApiObject);
  return plane.serviceAccountKubeconfig(objectNames.namespace, objectNames.deployment);
}

export interface CopiesOnCluster extends AsyncDisposable {
  readonly copies: RunningTokenCopies;
  readonly log: readonly string[];
  /** Ensures within a time that is ample, and gives the fault's code where there is one. */
  ensure(namespace: string): Promise<string | undefined>;
  outcomes(): Promise<Readonly<Record<string, number>>>;
}

export async function startCopies(kubeconfig: string): Promise<CopiesOnCluster> {
  const log: string[] = [];
  const metrics = createMetrics();
  const logger = createLog('info', { write: (line) => log.push(line) });
  const namespaces = await startWatchedNamespaces({ kubeconfig }, { log: logger });
  const copies = await startTokenCopies({
    kubeconfig,
    namespaces,
    tokenSecrets: () => tokenSecrets,
    sourceNamespace: 'kube-system',
    log: logger,
    metrics,
  });
  return {
    copies,
    log,
    async ensure(namespace) {
      const ensured = await copies.ensure(namespace, AbortSignal.timeout(20_000));
      return ensured.ok ? undefined : ensured.error.code;
    },
    async outcomes() {
      const { values } = await metrics.secretSyncs.get();
      return Object.fromEntries(values.map(({ labels, value }) => [String(labels.outcome), value]));
    },
    async [Symbol.asyncDispose]() {
      await copies[Symbol.asyncDispose]();
      await namespaces[Symbol.asyncDispose]();
    },
  };
}

/** A namespace that is there at once, without a service account: no pod is to run in it. */
export async function bareNamespace(plane: ControlPlane): Promise<string> {
  const name = `token-${randomUUID()}`;
  await plane.api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  return name;
}
