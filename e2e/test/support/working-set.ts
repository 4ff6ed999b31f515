import type { OneNodeCluster } from '../../harness/index.ts';

/**
 * Memory that the kubelet counts for a container of each pod whose name starts with `pods`, in MB: what its limit is
 * compared with.
 */
export async function workingSets(
  { kubectl, nodeName }: OneNodeCluster,
  pods: string,
): Promise<readonly number[]> {
  const { stdout } = await kubectl(['get', '--raw', `/api/v1/nodes/${nodeName}/proxy/metrics/resource`]);
  const samples = stdout.matchAll(/^container_memory_working_set_bytes\{.*pod="([^"]+)".*\} (\S+)/gm);
  return [...samples].flatMap(([, pod = '', bytes]) =>
    pod.startsWith(pods) ? [Math.round(Number(bytes) / 1e6)] : [],
  );
}
