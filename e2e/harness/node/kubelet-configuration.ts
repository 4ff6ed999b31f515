import type { KubernetesVersion } from '../kubernetes-version.ts';
import { pauseImage } from './containerd.ts';

export interface KubeletSettings {
  readonly version: KubernetesVersion;
  /** The folder of `ca.crt`, `kubelet.{crt,key}`, `kubelet.kubeconfig` and `resolv.conf`. */
  readonly directory: string;
  readonly nodeName: string;
  readonly nodeAddress: string;
  /** Has to be there: the kubelet makes those of its pods below it. */
  readonly cgroup: string;
  readonly containerdSocket: string;
}

export const kubeletPorts = { health: 10248, api: 10250 } as const;

/** `KubeletConfiguration` of kubelet.config.k8s.io/v1beta1, for a machine that others use too. */
export function kubeletConfiguration(settings: KubeletSettings): Readonly<Record<string, unknown>> {
  const { version, directory } = settings;
  const newer = {
    containerRuntimeEndpoint: `unix://${settings.containerdSocket}`,
    failCgroupV1: false,
  };
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: `${directory}/ca.crt` },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: `${directory}/kubelet.crt`,
    tlsPrivateKeyFile: `${directory}/kubelet.key`,
    port: kubeletPorts.api,
    healthzPort: kubeletPorts.health,
    healthzBindAddress: '0.0.0.0',
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${settings.cgroup}`,
    failSwapOn: false,
    makeIPTablesUtilChains: false,
    resolvConf: `${directory}/resolv.conf`,
    // What the node offers is told with its status: by default every 10 s, which hides how soon the kubelet knew.
    nodeStatusUpdateFrequency: '1s',
    // A full disk is the machine's affair: no pod is evicted for it, and no image removed.
    imageGCHighThresholdPercent: 100,
    evictionHard: {
      'memory.available': '1Mi',
      'nodefs.available': '0%',
      'nodefs.inodesFree': '0%',
      'imagefs.available': '0%',
      'imagefs.inodesFree': '0%',
    },
    ...(version === '1.24' ? {} : newer),
  };
}

/** The arguments of `kubelet`. */
export function kubeletArguments(settings: KubeletSettings): readonly string[] {
  const { directory } = settings;
  // Its configuration file had no place for them yet.
  const older = [
    '--container-runtime=remote',
    `--container-runtime-endpoint=unix://${settings.containerdSocket}`,
    `--pod-infra-container-image=${pauseImage}`,
  ];
  return [
    `--config=${directory}/kubelet.yaml`,
    `--kubeconfig=${directory}/kubelet.kubeconfig`,
    `--hostname-override=${settings.nodeName}`,
    `--node-ip=${settings.nodeAddress}`,
    ...(settings.version === '1.24' ? older : []),
  ];
}
