import { poll, type OneNodeCluster } from '../../harness/index.ts';

export interface BusyboxPod {
  readonly name: string;
  readonly namespace: string;
  /** Waits until it is there, and gives its status. */
  reaches(phase: 'Running' | 'Succeeded'): Promise<PodStatus>;
  status(): Promise<PodStatus>;
  log(): Promise<string>;
}

export interface PodStatus {
  readonly phase: string;
  readonly containerStatuses?: readonly { readonly containerID: string; readonly restartCount: number }[];
}

/** A pod that runs `script` once, in a namespace of its own. */
export async function runBusybox(
  cluster: OneNodeCluster,
  script: string,
  limits: Readonly<Record<string, string>> = {},
): Promise<BusyboxPod> {
  const name = 'one';
  const namespace = await cluster.createNamespace('busybox');
  const command = ['sh', '-c', script];
  await cluster.api.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace },
    spec: {
      terminationGracePeriodSeconds: 0,
      restartPolicy: 'Never',
      containers: [{ name: 'main', image: 'localhost/busybox:1', command, resources: { limits } }],
    },
  });
  const status = async (): Promise<PodStatus> => {
    const pod = await cluster.api.read({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace } });
    return pod['status'] as PodStatus;
  };
  return {
    name,
    namespace,
    status,
    reaches: (phase) => {
      const attempt = async (): Promise<PodStatus | undefined> => {
        const now = await status();
        if (now.phase === phase) return now;
        throw new Error(JSON.stringify(now));
      };
      return poll(attempt, { what: `pod ${namespace}/${name} to be ${phase}`, within: 30_000 });
    },
    async log() {
      const { stdout, stderr } = await cluster.kubectl(['logs', name, '-n', namespace]);
      if (stderr !== '') throw new Error(stderr);
      return stdout;
    },
  };
}
