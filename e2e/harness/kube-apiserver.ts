import { join } from 'node:path';

import { startComponent, type Component } from './component.ts';
import type { KubernetesVersion } from './kubernetes-version.ts';
import { probe } from './probe.ts';

export interface KubeApiserverOptions {
  readonly binary: string;
  readonly version: KubernetesVersion;
  readonly directory: string;
  readonly port: number;
  readonly etcdPort: number;
  /** PEM of the CA of its certificate. */
  readonly ca: string;
  /** Beyond Kubernetes' default ones (which hold ResourceQuota, LimitRanger and PodSecurity). */
  readonly admissionPlugins: readonly string[];
  /** Where nodes and pods reach it; on loopback alone unless given. */
  readonly advertiseAddress?: string | undefined;
}

export const auditLogName = 'audit.jsonl';

/** Expects `ca.crt`, `{apiserver,kubelet-client}.{crt,key}`, `service-accounts.{key,pub}` and `audit-policy.yaml` in the directory. */
export function startKubeApiserver(options: KubeApiserverOptions): Promise<Component> {
  const file = (name: string): string => join(options.directory, name);
  return startComponent({
    name: 'kube-apiserver',
    binary: options.binary,
    args: [
      `--etcd-servers=http://127.0.0.1:${options.etcdPort}`,
      ...addressFlags(options.advertiseAddress),
      `--secure-port=${options.port}`,
      `--tls-cert-file=${file('apiserver.crt')}`,
      `--tls-private-key-file=${file('apiserver.key')}`,
      `--client-ca-file=${file('ca.crt')}`,
      '--authorization-mode=Node,RBAC',
      `--enable-admission-plugins=${options.admissionPlugins.join(',')}`,
      '--service-cluster-ip-range=10.96.0.0/16',
      // Dials a webhook's Service at its endpoints: there is no kube-proxy.
      '--enable-aggregator-routing=true',
      '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
      `--service-account-key-file=${file('service-accounts.pub')}`,
      `--service-account-signing-key-file=${file('service-accounts.key')}`,
      `--audit-policy-file=${file('audit-policy.yaml')}`,
      `--audit-log-path=${file(auditLogName)}`,
      // In MB; at 100, the default, it would go on in a second file, which nobody reads.
      '--audit-log-maxsize=10000',
      `--kubelet-certificate-authority=${file('ca.crt')}`,
      `--kubelet-client-certificate=${file('kubelet-client.crt')}`,
      `--kubelet-client-key=${file('kubelet-client.key')}`,
      '--kubelet-preferred-address-types=InternalIP',
      // Ends watches when it stops; without it a graceful end waits a minute for those of controllers and informers.
      ...(options.version === '1.24' ? [] : ['--shutdown-watch-termination-grace-period=2s']),
      '--profiling=false',
    ],
    logFile: file('kube-apiserver.log'),
    isReady: () => probe(`https://127.0.0.1:${options.port}/readyz`, options.ca),
    readyWithin: 60_000,
  });
}

function addressFlags(advertised: string | undefined): readonly string[] {
  if (advertised !== undefined) return ['--bind-address=0.0.0.0', `--advertise-address=${advertised}`];
  // An endpoint of the Service `kubernetes` may not be on loopback.
  return ['--bind-address=127.0.0.1', '--advertise-address=127.0.0.1', '--endpoint-reconciler-type=none'];
}
