import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { stringify } from 'yaml';

import type { CertificateAuthority } from '../certificate-authority.ts';
import { startComponent, type Component } from '../component.ts';
import { writePair } from '../control-plane-files.ts';
import { writeKubeconfig } from '../kubeconfig.ts';
import { probe } from '../probe.ts';
import {
  kubeletArguments,
  kubeletConfiguration,
  kubeletPorts,
  type KubeletSettings,
} from './kubelet-configuration.ts';
import type { Machine } from './machine.ts';

export interface KubeletOptions extends KubeletSettings {
  readonly binary: string;
  readonly machine: Machine;
}

/** Writes all that a kubelet reads: its certificates, its kubeconfig for `server`, its configuration. */
export async function writeKubeletFiles(
  settings: KubeletSettings,
  server: string,
  authority: CertificateAuthority,
): Promise<void> {
  const { directory, nodeName } = settings;
  const file = (name: string): string => join(directory, name);
  const certificate = await authority.issueClient(`system:node:${nodeName}`, ['system:nodes']);
  const credentials = { kind: 'certificate', certificate } as const;
  await writeKubeconfig(file('kubelet.kubeconfig'), { server, ca: authority.cert, credentials });
  await writePair(file('kubelet'), await authority.issueServing([nodeName], [settings.nodeAddress]));
  await writeFile(file('ca.crt'), authority.cert);
  // Nothing answers there: a node of the tests has no DNS.
  await writeFile(file('resolv.conf'), 'nameserver 127.0.0.1\n');
  await writeFile(file('kubelet.yaml'), stringify(kubeletConfiguration(settings)));
}

/** Starts a kubelet in the machine; it is healthy, though not yet `Ready`, when this resolves. */
export function startKubelet(options: KubeletOptions): Promise<Component> {
  return startComponent({
    name: `kubelet ${options.version}`,
    binary: options.binary,
    args: kubeletArguments(options),
    // It runs `mount`.
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    enter: options.machine.enter,
    logFile: join(options.directory, 'kubelet.log'),
    isReady: () => probe(`http://${options.nodeAddress}:${kubeletPorts.health}/healthz`),
    readyWithin: 60_000,
  });
}
