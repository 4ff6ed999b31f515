import type { ApiObject } from '../../harness/index.ts';

interface Container {
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly { readonly name: string }[];
}

/**
 * What two pods of one meaning have in common. Kubernetes' own admission puts its token's volume, under a name of its
 * own making, before a webhook's volumes where the webhook adds them, and behind them where the pod had them.
 */
export function comparablePod(pod: ApiObject): object {
  const spec = pod['spec'] as PodSpec;
  const rename = <T extends { readonly name: string }>(item: T): T => ({
    ...item,
    name: item.name.replace(/^kube-api-access-.*/, 'kube-api-access'),
  });
  const containers = (list: readonly Container[]): readonly Container[] =>
    list.map(({ volumeMounts = [], ...others }) => ({
      ...others,
      volumeMounts: sortedBy(volumeMounts.map(rename), ({ mountPath }) => mountPath),
    }));
  return {
    annotations: pod.metadata.annotations ?? {},
    spec: {
      ...spec,
      volumes: sortedBy((spec.volumes ?? []).map(rename), ({ name }) => name),
      containers: containers(spec.containers),
      ...(spec.initContainers !== undefined && { initContainers: containers(spec.initContainers) }),
    },
  };
}

function sortedBy<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
  return items.toSorted((one, other) => (key(one) < key(other) ? -1 : 1));
}
