import { asJsonObject } from '@bwki/plain-data';

/** Where the pods of a kind are described: from the object to each pod template (B45). */
export interface TemplateKind {
  /** The API group; `''` is the core group. */
  readonly group: string;
  readonly kind: string;
  /** Fields from the object to its template; `*` stands for every key of a map. */
  readonly path: readonly string[];
  /** Set where the pod's annotations are those of the object itself, since its controller copies them to the pod. */
  readonly annotationsOfObject?: true;
}

export const templateKinds: readonly TemplateKind[] = [
  ...['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'].map((kind) => ({
    group: 'apps',
    kind,
    path: ['spec', 'template'],
  })),
  { group: 'batch', kind: 'Job', path: ['spec', 'template'] },
  { group: 'batch', kind: 'CronJob', path: ['spec', 'jobTemplate', 'spec', 'template'] },
  { group: 'kubeflow.org', kind: 'PyTorchJob', path: ['spec', 'pytorchReplicaSpecs', '*', 'template'] },
  { group: 'kubeflow.org', kind: 'TFJob', path: ['spec', 'tfReplicaSpecs', '*', 'template'] },
  { group: 'kubeflow.org', kind: 'MPIJob', path: ['spec', 'mpiReplicaSpecs', '*', 'template'] },
  { group: 'kubeflow.org', kind: 'Notebook', path: ['spec', 'template'], annotationsOfObject: true },
];

/** The entry for an object, by its `apiVersion` and `kind`; any version of the group counts. */
export function templateKindOf(object: unknown): TemplateKind | undefined {
  const { apiVersion, kind } = asJsonObject(object) ?? {};
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return undefined;
  const slash = apiVersion.indexOf('/');
  const group = slash === -1 ? '' : apiVersion.slice(0, slash);
  return templateKinds.find((entry) => entry.group === group && entry.kind === kind);
}

/** Whether `mutatePodTemplate` knows where the object's pods are described. */
export function isTemplateKind(object: unknown): boolean {
  return templateKindOf(object) !== undefined;
}
