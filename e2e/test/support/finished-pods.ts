import { poll, type ApiObject, type OneNodeCluster } from '../../harness/index.ts';

interface PodStatus {
  readonly phase: string;
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
}

/** The pods that an object made, or the one pod of its name, once there are so many. */
export function podsOf(
  { api }: OneNodeCluster,
  { kind, metadata }: ApiObject,
  count: number,
): Promise<readonly ApiObject[]> {
  const { name = '', namespace = '' } = metadata;
  return poll(
    async () => {
      const pods = await api.list({ apiVersion: 'v1', kind: 'Pod', metadata: { namespace } });
      const own = pods.filter(({ metadata: { name: pod = '' } }) =>
        kind === 'Pod' ? pod === name : pod.startsWith(`${name}-`),
      );
      return own.length === count ? own : undefined;
    },
    { what: `${count} pods of ${kind} ${namespace}/${name}`, within: 60_000 },
  );
}

export interface LogOptions {
  /** Default: that of a pod with one. */
  readonly container?: string;
  /** Whether the pod never ends: its log is looked at when it is ready. */
  readonly serves?: boolean;
}

/** A container's log, once the pod has succeeded or serves; and, where the image's `python` serves, has said so. */
export async function logOf(
  { api, kubectl }: OneNodeCluster,
  pod: ApiObject,
  { container, serves = false }: LogOptions = {},
): Promise<string> {
  const { name = '', namespace = '' } = pod.metadata;
  const command = ['logs', name, '-n', namespace, ...(container === undefined ? [] : ['-c', container])];
  return poll(
    async () => {
      const status = (await api.read({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace } }))[
        'status'
      ] as PodStatus;
      const isReady = status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True');
      const isThere = serves ? isReady === true : status.phase === 'Succeeded';
      const { stdout } = isThere ? await kubectl(command) : { stdout: '' };
      if (isThere && (!serves || stdout.includes('python: user'))) return stdout;
      throw new Error(`${JSON.stringify(status)} ${stdout}`);
    },
    { what: `pod ${namespace}/${name} to ${serves ? 'serve' : 'end'}`, within: 120_000 },
  );
}
