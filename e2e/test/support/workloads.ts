import type { ApiObject } from '../../harness/index.ts';

export type WorkloadKind = 'Deployment' | 'Job' | 'StatefulSet';

export const workloadKinds: readonly WorkloadKind[] = ['Deployment', 'Job', 'StatefulSet'];

/** An object whose controller makes one pod after `pod`: its annotations, and its spec as far as the kind allows. */
export function workloadOf(
  kind: WorkloadKind,
  name: string,
  labels: Readonly<Record<string, string>>,
  pod: ApiObject,
): ApiObject {
  const template = {
    metadata: { annotations: pod.metadata.annotations ?? {}, labels },
    spec: { ...(pod['spec'] as object), restartPolicy: kind === 'Job' ? 'Never' : 'Always' },
  };
  const isBatch = kind === 'Job';
  return {
    apiVersion: isBatch ? 'batch/v1' : 'apps/v1',
    kind,
    metadata: { name },
    spec: {
      template,
      ...(!isBatch && { selector: { matchLabels: labels } }),
      ...(kind === 'StatefulSet' && { serviceName: name }),
    },
  };
}
