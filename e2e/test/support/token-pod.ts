import { poll, type ApiObject, type OneNodeCluster } from '../../harness/index.ts';

/** A GPU pod that prints the token's `servers.conf` as its container sees it, and ends. */
export async function createTokenPod(
  { api }: OneNodeCluster,
  { namespace, image = 'localhost/busybox:1' }: { readonly namespace: string; readonly image?: string },
): Promise<ApiObject> {
  const { body } = await api.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: 'token-',
      namespace,
      annotations: { 'auto-management/bitfusion': 'injection' },
    },
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: 'main',
          image,
          command: ['cat', '/etc/bitfusion/servers.conf'],
          resources: { limits: { 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu-percent': '10' } },
        },
      ],
    },
  });
  return body;
}

/** Waits until the pod has ended well, and gives what it printed. */
export async function printedBy(cluster: OneNodeCluster, pod: ApiObject): Promise<string> {
  const { name = '', namespace = '' } = pod.metadata;
  const ended = async (): Promise<string> => {
    const { status } = (await cluster.api.read(pod)) as unknown as { readonly status: { phase: string } };
    if (status.phase === 'Succeeded' || status.phase === 'Failed') return status.phase;
    throw new Error(JSON.stringify(status));
  };
  const phase = await poll(ended, { what: `pod ${namespace}/${name} to end`, within: 120_000 });
  const { stdout } = await cluster.kubectl(['logs', name, '-n', namespace, '-c', 'main']);
  if (phase === 'Failed') throw new Error(`pod ${namespace}/${name} failed: ${stdout}`);
  return stdout;
}
