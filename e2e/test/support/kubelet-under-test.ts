import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';

import type { KubeletUnderTest, KubeletVersion } from '@bwki/kubelet-dp/testing';
import { Quantity } from '@bwki/quota-calc';

import { ApiError, poll, type ApiObject, type OneNodeCluster } from '../../harness/index.ts';

/** The kubelet of a cluster's node; its pods are made in `namespace`, and run a busybox that only waits. */
export function kubeletUnderTest(
  cluster: OneNodeCluster,
  version: KubeletVersion,
  namespace: string,
): KubeletUnderTest {
  return {
    version,
    directory: cluster.devicePluginDirectory,
    ownDirectory: '/var/lib/kubelet/device-plugins',
    patienceMs: 30_000,
    dialTimeoutMs: 10_000,
    restart: () => restart(cluster),
    capacity: async (resourceName) => countOf((await cluster.node()).capacity[resourceName]),
    allocatable: async (resourceName) => countOf((await cluster.node()).allocatable[resourceName]),
    startPod: async (resourceName, ...counts) => {
      const { body: pod } = await cluster.api.create(
        waitingPod(cluster.nodeName, namespace, resourceName, counts),
      );
      try {
        await runs(cluster, pod);
      } catch (error) {
        await remove(cluster, pod);
        throw error;
      }
      return { remove: () => remove(cluster, pod) };
    },
  };
}

/** A kubelet is healthy before it has looked into the directory, where the socket of the one before refuses. */
async function restart(cluster: OneNodeCluster): Promise<void> {
  const path = join(cluster.devicePluginDirectory, 'kubelet.sock');
  const identity = async (): Promise<string> => {
    const { ino, ctimeMs } = await stat(path);
    return `${ino} ${ctimeMs}`;
  };
  const before = await identity();
  await cluster.restartKubelet();
  await poll(async () => ((await identity()) === before ? undefined : connects(path)), {
    what: 'another kubelet.sock',
    within: 60_000,
  });
}

async function connects(path: string): Promise<true> {
  const socket = createConnection(path);
  try {
    await once(socket, 'connect');
    return true;
  } finally {
    socket.destroy();
  }
}

function waitingPod(
  nodeName: string,
  namespace: string,
  resourceName: string,
  counts: readonly number[],
): ApiObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { generateName: 'conformance-', namespace },
    spec: {
      // Past the scheduler, which would not send a pod where too little is free.
      nodeName,
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 1,
      containers: counts.map((count, index) => ({
        name: `container-${index}`,
        image: 'localhost/busybox:1',
        command: ['sh', '-c', 'trap "exit 0" TERM; sleep 3600 & wait'],
        resources: { limits: { [resourceName]: String(count) } },
      })),
    },
  };
}

interface PodStatus {
  readonly phase?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly containerStatuses?: readonly {
    readonly ready: boolean;
    readonly state: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
  }[];
}

/** @throws Error with what the status says, when that is that the pod or a container of it cannot run */
async function runs(cluster: OneNodeCluster, pod: ApiObject): Promise<void> {
  const failure = await poll(
    async () => {
      const status = (await cluster.api.read(pod))['status'] as PodStatus;
      const { containerStatuses = [] } = status;
      if (status.phase === 'Failed') return { message: `${status.reason ?? ''}: ${status.message ?? ''}` };
      const faulty = containerStatuses.find(({ state }) => state.waiting?.reason?.endsWith('Error') === true);
      const waiting = faulty?.state.waiting;
      if (waiting !== undefined) return { message: `${waiting.reason ?? ''}: ${waiting.message ?? ''}` };
      return status.phase === 'Running' && containerStatuses.every(({ ready }) => ready) ? {} : undefined;
    },
    { what: `the pod ${pod.metadata.name ?? ''} to run, or not`, within: 60_000 },
  );
  if ('message' in failure) throw new Error(failure.message);
}

/** With its grace, so that it is gone from the API server only when the kubelet is done with it. */
async function remove(cluster: OneNodeCluster, { metadata }: ApiObject): Promise<void> {
  const path = `/api/v1/namespaces/${metadata.namespace ?? ''}/pods/${metadata.name ?? ''}`;
  const isGone = (error: unknown): boolean => error instanceof ApiError && error.code === 404;
  const deleted = await cluster.api.send('DELETE', path).catch((error: unknown) => error);
  if (isGone(deleted)) return;
  await poll(
    async () =>
      cluster.api.send('GET', path).then(
        () => undefined,
        (error: unknown) => (isGone(error) ? true : undefined),
      ),
    { what: `the pod ${metadata.name ?? ''} to be gone`, within: 60_000 },
  );
}

function countOf(quantity: string | undefined): number | undefined {
  if (quantity === undefined) return undefined;
  const parsed = Quantity.parse(quantity);
  if (!parsed.ok) throw new Error(`the node has ${quantity} devices`);
  return Number(parsed.value.value());
}
