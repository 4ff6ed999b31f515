import { poll, type ApiObject, type OneNodeCluster } from '../../harness/index.ts';

/** The part of a pod's status that tests look at. */
export interface PodStatus {
  readonly phase: string;
  readonly conditions?: readonly { readonly type: string; readonly message?: string }[];
  readonly containerStatuses?: readonly { readonly containerID?: string; readonly restartCount: number }[];
}

export interface NodePodOptions {
  readonly name: string;
  readonly namespace: string;
  /** For busybox' shell. */
  readonly script: string;
  readonly limits?: Readonly<Record<string, string>>;
}

/** Creates a pod of busybox that runs a script once. */
export async function createNodePod(
  cluster: OneNodeCluster,
  { name, namespace, script, limits = {} }: NodePodOptions,
): Promise<ApiObject> {
  const { body } = await cluster.api.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace },
    spec: {
      terminationGracePeriodSeconds: 0,
      restartPolicy: 'Never',
      containers: [
        { name: 'main', image: 'localhost/busybox:1', command: ['sh', '-c', script], resources: { limits } },
      ],
    },
  });
  return body;
}

export async function nodePodStatus(cluster: OneNodeCluster, pod: ApiObject): Promise<PodStatus> {
  return (await cluster.api.read(pod))['status'] as PodStatus;
}

/** Resolves with the status once the pod is in that phase. */
export function nodePodIs(cluster: OneNodeCluster, pod: ApiObject, phase: string): Promise<PodStatus> {
  return poll(
    async () => {
      const status = await nodePodStatus(cluster, pod);
      return status.phase === phase ? status : undefined;
    },
    { what: `the pod ${pod.metadata.name ?? ''} to be ${phase}`, within: 30_000 },
  );
}

/** Resolves once so much of a resource is allocatable, as the API server prints it: `1k`. */
export function allocatableIs(
  cluster: OneNodeCluster,
  resourceName: string,
  quantity: string,
): Promise<true> {
  return poll(
    async () => ((await cluster.node()).allocatable[resourceName] === quantity ? true : undefined),
    { what: `${quantity} of ${resourceName} to be allocatable`, within: 30_000 },
  );
}
