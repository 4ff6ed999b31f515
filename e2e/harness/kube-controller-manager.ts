import { join } from 'node:path';

import { startComponent, type Component } from './component.ts';
import { probe } from './probe.ts';

export interface KubeControllerManagerOptions {
  readonly binary: string;
  readonly directory: string;
  readonly port: number;
  readonly kubeconfigPath: string;
  /** PEM of the CA of its certificate. */
  readonly ca: string;
}

/** Makes pods of Deployments, Jobs and the like, and each namespace's `default` ServiceAccount. */
export function startKubeControllerManager(options: KubeControllerManagerOptions): Promise<Component> {
  const file = (name: string): string => join(options.directory, name);
  return startComponent({
    name: 'kube-controller-manager',
    binary: options.binary,
    args: [
      `--kubeconfig=${options.kubeconfigPath}`,
      `--authentication-kubeconfig=${options.kubeconfigPath}`,
      `--authorization-kubeconfig=${options.kubeconfigPath}`,
      '--leader-elect=false',
      '--bind-address=127.0.0.1',
      `--secure-port=${options.port}`,
      `--tls-cert-file=${file('controller-manager.crt')}`,
      `--tls-private-key-file=${file('controller-manager.key')}`,
      `--root-ca-file=${file('ca.crt')}`,
      `--service-account-private-key-file=${file('service-accounts.key')}`,
      '--use-service-account-credentials=true',
      // The defaults are for clusters that others share.
      '--kube-api-qps=200',
      '--kube-api-burst=400',
    ],
    logFile: file('kube-controller-manager.log'),
    isReady: () => probe(`https://127.0.0.1:${options.port}/healthz`, options.ca),
    readyWithin: 30_000,
  });
}
