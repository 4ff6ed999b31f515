import { poll, type ApiObject, type OneNodeCluster } from '../../harness/index.ts';

export interface BusyboxPod {
  readonly name: string;
  readonly namespace: string;
  /** Waits until it is there, and gives its status. */
  reaches(phase: 'Running' | 'Succeeded'): Promise<PodStatus>;
  status(): Promise<PodStatus>;
  log(): Promise<string>;
  /** Resolves once the API server knows it no more. */
  remove(): Promise<void>;
}

/** The part of a pod's status that tests look at. */
export interface PodStatus {
  readonly phase: string;
  readonly conditions?: readonly { readonly type: string; readonly message?: string }[];
  readonly containerStatuses?: readonly { readonly containerID: string; readonly restartCount: number }[];
}

export interface BusyboxOptions {
  /** Default `one`. */
  readonly name?: string;
  /** Default: one of its own, which is made. */
  readonly namespace?: string;
  readonly limits?: Readonly<Record<string, string>>;
}

/** A pod that runs `script` once. */
export async function runBusybox(
  cluster: OneNodeCluster,
  script: string,
  options: BusyboxOptions = {},
): Promise<BusyboxPod> {
  const { name = 'one', limits = {} } = options;
  const namespace = options.namespace ?? (await cluster.createNamespace('busybox'));
  const reference: ApiObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace } };
  const command = ['sh', '-c', script];
  await cluster.api.create({
    ...reference,
    spec: {
      terminationGracePeriodSeconds: 0,
      restartPolicy: 'Never',
      containers: [{ name: 'main', image: 'localhost/busybox:1', command, resources: { limits } }],
    },
  });
  const status = async (): Promise<PodStatus> => (await cluster.api.read(reference))['status'] as PodStatus;
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
    async remove() {
      await cluster.api.remove(reference);
      const isGone = (): Promise<true | undefined> =>
        status().then(
          () => undefined,
          () => true,
        );
      await poll(isGone, { what: `pod ${namespace}/${name} to be gone`, within: 30_000 });
    },
  };
}

/** Resolves once so much of a resource is allocatable, as the API server prints it: `1k`. */
export function allocatableIs(
  cluster: OneNodeCluster,
  resourceName: string,
  quantity: string,
): Promise<true> {
  const attempt = async (): Promise<true | undefined> =>
    (await cluster.node()).allocatable[resourceName] === quantity ? true : undefined;
  return poll(attempt, { what: `${quantity} of ${resourceName} to be allocatable`, within: 30_000 });
}
