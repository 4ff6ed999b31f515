import { join } from 'node:path';

import { startComponent, type Component } from './component.ts';
import { probe } from './probe.ts';

export interface KubeControlLoopOptions {
  readonly binary: string;
  readonly directory: string;
  readonly port: number;
  readonly kubeconfigPath: string;
  /** PEM of the CA of the certificate that both have: `controller-manager.{crt,key}` in the directory. */
  readonly ca: string;
}

/** Makes pods of Deployments, Jobs and the like, and each namespace's `default` ServiceAccount. */
export function startKubeControllerManager(options: KubeControlLoopOptions): Promise<Component> {
  return startControlLoop('kube-controller-manager', options, [
    `--root-ca-file=${join(options.directory, 'ca.crt')}`,
    `--service-account-private-key-file=${join(options.directory, 'service-accounts.key')}`,
    '--use-service-account-credentials=true',
    ...apiRate(200),
  ]);
}

/** Gives pods to nodes. */
export function startKubeScheduler(options: KubeControlLoopOptions): Promise<Component> {
  return startControlLoop('kube-scheduler', options, apiRate(1000));
}

/** Calls per second to the API server; the defaults are for clusters that others share. */
function apiRate(perSecond: number): readonly string[] {
  return [`--kube-api-qps=${perSecond}`, `--kube-api-burst=${2 * perSecond}`];
}

/** There is one of each, so none has to be elected. */
function startControlLoop(
  name: string,
  { binary, directory, port, kubeconfigPath, ca }: KubeControlLoopOptions,
  args: readonly string[],
): Promise<Component> {
  return startComponent({
    name,
    binary,
    args: [
      `--kubeconfig=${kubeconfigPath}`,
      `--authentication-kubeconfig=${kubeconfigPath}`,
      `--authorization-kubeconfig=${kubeconfigPath}`,
      '--leader-elect=false',
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      `--tls-cert-file=${join(directory, 'controller-manager.crt')}`,
      `--tls-private-key-file=${join(directory, 'controller-manager.key')}`,
      ...args,
    ],
    logFile: join(directory, `${name}.log`),
    isReady: () => probe(`https://127.0.0.1:${port}/healthz`, ca),
    readyWithin: 30_000,
  });
}
