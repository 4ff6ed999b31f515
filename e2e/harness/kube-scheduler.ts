import { join } from 'node:path';

import { startComponent, type Component } from './component.ts';
import { probe } from './probe.ts';

export interface KubeSchedulerOptions {
  readonly binary: string;
  readonly directory: string;
  readonly port: number;
  readonly kubeconfigPath: string;
  /** PEM of the CA of its certificate, which it shares with the controller-manager. */
  readonly ca: string;
}

/** Gives pods to nodes. */
export function startKubeScheduler(options: KubeSchedulerOptions): Promise<Component> {
  const file = (name: string): string => join(options.directory, name);
  return startComponent({
    name: 'kube-scheduler',
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
    ],
    logFile: file('kube-scheduler.log'),
    isReady: () => probe(`https://127.0.0.1:${options.port}/healthz`, options.ca),
    readyWithin: 30_000,
  });
}
