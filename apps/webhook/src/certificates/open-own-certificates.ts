import { hostname } from 'node:os';

import { KubeConfig } from '@kubernetes/client-node/dist/config.js';

import { names } from '../kubernetes-objects/names.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { StartFault } from '../start-fault.ts';
import type { CertificateSource } from '../tls/certificate-source.ts';
import { kubernetesCertificateApi } from './kubernetes-certificate-api.ts';
import { serviceNames, startOwnCertificates, type OwnCertificatesOptions } from './own-certificates.ts';

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
  const api = kubernetesCertificateApi(readConfig(kubeconfig), namespace);
  const allNames = [...serviceNames(names.service, namespace), ...otherNames];
  return startOwnCertificates({ ...choice, replica, log, metrics, now, api, names: allNames }, signal);
}

function readConfig(kubeconfig: string | undefined): KubeConfig {
  const config = new KubeConfig();
  try {
    if (kubeconfig === undefined) config.loadFromCluster();
    else config.loadFromFile(kubeconfig);
  } catch (error) {
    // The parser's own text may quote what is in the file.
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no kubeconfig in YAML';
    throw new StartFault([`${kubeconfig ?? 'service account'}: cannot be read (${code})`]);
  }
  const server = config.getCurrentCluster()?.server;
  if (server !== undefined && URL.canParse(server)) return config;
  throw new StartFault([
    kubeconfig === undefined
      ? 'own certificates need a cluster, and this is no pod of one: give --kubeconfig, or certificate files'
      : `${kubeconfig}: has no current cluster`,
  ]);
}
