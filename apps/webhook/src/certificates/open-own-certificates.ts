import { hostname } from 'node:os';

import type { Log } from '@bwki/daemon';

import { connectCluster } from '../cluster/cluster-connection.ts';
import { names, serviceNames } from '../kubernetes-objects/names.ts';
import type { Metrics } from '../metrics.ts';
import type { CertificateSource } from '../tls/certificate-source.ts';
import { kubernetesCertificateApi } from './kubernetes-certificate-api.ts';
import { startOwnCertificates, type OwnCertificatesOptions } from './own-certificates.ts';

/** Certificates that the webhook makes itself, in a cluster. */
export interface OwnCertificatesChoice extends Pick<
  OwnCertificatesOptions,
  'lifeMs' | 'leewayMs' | 'settleMs' | 'lookMs'
> {
  readonly kind: 'own';
  /** A name that no other replica has; default the host's, which in a pod is the pod's. */
  readonly replica?: string | undefined;
  /** Where the webhook, its Service and its secret are. */
  readonly namespace: string;
  /** Names and IP addresses by which it is called besides those of its Service. */
  readonly names?: readonly string[] | undefined;
  /** Whose cluster and account it is; undefined for those of the pod that this process runs in. */
  readonly kubeconfig?: string | undefined;
}

export interface OwnCertificatesSurroundings {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly now: () => Date;
  /** Ends a start that waits for the API server. */
  readonly signal?: AbortSignal | undefined;
}

/** @throws StartFault where there is no cluster to speak to; the signal's reason where it aborts the start */
export async function openOwnCertificates(
  choice: OwnCertificatesChoice,
  surroundings: OwnCertificatesSurroundings,
): Promise<CertificateSource & AsyncDisposable> {
  const { kubeconfig, namespace, replica = hostname(), names: otherNames = [] } = choice;
  const { log, metrics, now, signal } = surroundings;
  const cluster = connectCluster(kubeconfig);
  const api = kubernetesCertificateApi(cluster, { namespace, log });
  const allNames = [...serviceNames(names.service, namespace), ...otherNames];
  const own = await startOwnCertificates(
    { ...choice, replica, log, metrics, now, api, names: allNames },
    signal,
  ).catch((error: unknown) => {
    cluster[Symbol.dispose]();
    throw error;
  });
  return {
    current: () => own.current(),
    onChange: (listener) => own.onChange(listener),
    async [Symbol.asyncDispose]() {
      await own[Symbol.asyncDispose]();
      cluster[Symbol.dispose]();
    },
  };
}
