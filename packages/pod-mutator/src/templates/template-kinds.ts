import { isJsonObject } from '@bwki/plain-data';

/** Fields from an object to a template; `*` stands for every element of a list and every key of a map. */
export type TemplatePath = readonly string[];

/** Where the pods of a kind are described: data, so that a kind is added by a line. */
export interface TemplateKind {
  /** The API group; `''` is the core group. Any version of it counts. */
  readonly group: string;
  readonly kind: string;
  readonly paths: readonly TemplatePath[];
  /** Set where the pod's annotations are those of the object itself, since its controller copies them to the pod. */
  readonly annotationsOfObject?: true;
  /** Set where the paths lead to a pod's spec, which has no metadata beside it. */
  readonly isSpec?: true;
  /** Set where a template has one container, in a field of one of these names, which the controller calls `main`. */
  readonly singleContainer?: readonly string[];
  /** What the controller runs in a container that says neither command nor args, by the key or field before the template. */
  readonly defaultCommands?: Readonly<Record<string, readonly string[]>>;
}

const template = ['spec', 'template'];

/** Of an object that holds a spec of this kind, below `base`. */
const rayCluster = (...base: readonly string[]): readonly TemplatePath[] => [
  [...base, 'headGroupSpec', 'template'],
  [...base, 'workerGroupSpecs', '*', 'template'],
];
const replicaSpecs = (field: string, ...base: readonly string[]): TemplatePath => [
  ...base,
  'spec',
  field,
  '*',
  'template',
];
const trial = ['spec', 'trialTemplate', 'trialSpec'];
const argo = { group: 'argoproj.io', singleContainer: ['container', 'script'] } as const;

/** With OpenSSH in the image, as the operator's own images have it. */
const mpiWorker = { Worker: ['/usr/sbin/sshd', '-De'] };

export const templateKinds: readonly TemplateKind[] = [
  { group: '', kind: 'Pod', paths: [[]] },
  { group: '', kind: 'PodTemplate', paths: [['template']] },
  ...ofGroup('', ['ReplicationController'], [template]),
  ...ofGroup('apps', ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'], [template]),
  ...ofGroup('extensions', ['Deployment', 'DaemonSet', 'ReplicaSet'], [template]),
  { group: 'batch', kind: 'Job', paths: [template] },
  { group: 'batch', kind: 'CronJob', paths: [['spec', 'jobTemplate', ...template]] },
  { group: 'kubeflow.org', kind: 'PyTorchJob', paths: [replicaSpecs('pytorchReplicaSpecs')] },
  { group: 'kubeflow.org', kind: 'TFJob', paths: [replicaSpecs('tfReplicaSpecs')] },
  {
    group: 'kubeflow.org',
    kind: 'MPIJob',
    paths: [replicaSpecs('mpiReplicaSpecs')],
    defaultCommands: mpiWorker,
  },
  { group: 'kubeflow.org', kind: 'MXJob', paths: [replicaSpecs('mxReplicaSpecs')] },
  { group: 'kubeflow.org', kind: 'XGBoostJob', paths: [replicaSpecs('xgbReplicaSpecs')] },
  { group: 'kubeflow.org', kind: 'PaddleJob', paths: [replicaSpecs('paddleReplicaSpecs')] },
  { group: 'kubeflow.org', kind: 'JAXJob', paths: [replicaSpecs('jaxReplicaSpecs')] },
  { group: 'kubeflow.org', kind: 'Notebook', paths: [template], annotationsOfObject: true },
  {
    group: 'kubeflow.org',
    kind: 'Experiment',
    paths: [
      [...trial, ...template],
      ...['pytorch', 'tf', 'mpi', 'mx', 'xgb', 'paddle', 'jax'].map((name) =>
        replicaSpecs(`${name}ReplicaSpecs`, ...trial),
      ),
    ],
  },
  ...ofGroup(
    'trainer.kubeflow.org',
    ['TrainingRuntime', 'ClusterTrainingRuntime'],
    [[...template, 'spec', 'replicatedJobs', '*', 'template', ...template]],
  ),
  ...ofGroup(
    'sparkoperator.k8s.io',
    ['SparkApplication'],
    [
      ['spec', 'driver', 'template'],
      ['spec', 'executor', 'template'],
    ],
  ),
  { group: 'ray.io', kind: 'RayCluster', paths: rayCluster('spec') },
  {
    group: 'ray.io',
    kind: 'RayJob',
    paths: [...rayCluster('spec', 'rayClusterSpec'), ['spec', 'submitterPodTemplate']],
  },
  { group: 'ray.io', kind: 'RayService', paths: rayCluster('spec', 'rayClusterConfig') },
  {
    group: 'ray.io',
    kind: 'RayCronJob',
    paths: rayCluster('spec', 'jobTemplate', 'rayClusterSpec'),
  },
  {
    group: 'jobset.x-k8s.io',
    kind: 'JobSet',
    paths: [['spec', 'replicatedJobs', '*', 'template', ...template]],
  },
  {
    group: 'leaderworkerset.x-k8s.io',
    kind: 'LeaderWorkerSet',
    paths: [
      ['spec', 'leaderWorkerTemplate', 'leaderTemplate'],
      ['spec', 'leaderWorkerTemplate', 'workerTemplate'],
    ],
  },
  { group: 'batch.volcano.sh', kind: 'Job', paths: [['spec', 'tasks', '*', 'template']] },
  {
    group: 'batch.volcano.sh',
    kind: 'CronJob',
    paths: [['spec', 'jobTemplate', 'spec', 'tasks', '*', 'template']],
  },
  ...ofGroup('serving.knative.dev', ['Service', 'Configuration'], [template]),
  { group: 'serving.knative.dev', kind: 'Revision', paths: [[]] },
  { group: 'argoproj.io', kind: 'Rollout', paths: [template] },
  ...['Workflow', 'WorkflowTemplate', 'ClusterWorkflowTemplate'].map((kind) => ({
    ...argo,
    kind,
    paths: [['spec', 'templates', '*']],
  })),
  { ...argo, kind: 'CronWorkflow', paths: [['spec', 'workflowSpec', 'templates', '*']] },
  {
    group: 'serving.kserve.io',
    kind: 'InferenceService',
    paths: ['predictor', 'transformer', 'explainer'].map((part) => ['spec', part]),
    annotationsOfObject: true,
    isSpec: true,
  },
];

function ofGroup(
  group: string,
  kinds: readonly string[],
  paths: readonly TemplatePath[],
): readonly TemplateKind[] {
  return kinds.map((kind) => ({ group, kind, paths }));
}

/** What an object is: its own `apiVersion` and `kind`, or what is known of it, as of an element of a list. */
export interface ObjectKind {
  readonly apiVersion?: string | undefined;
  readonly kind?: string | undefined;
}

/** The entry for an object; of an object without `apiVersion` and `kind`, the entry for what is known of it. */
export function templateKindOf(object: unknown, known: ObjectKind = {}): TemplateKind | undefined {
  const own = isJsonObject(object) ? object : {};
  const apiVersion = own['apiVersion'] ?? known.apiVersion;
  const kind = own['kind'] ?? known.kind;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return undefined;
  const slash = apiVersion.indexOf('/');
  const group = slash === -1 ? '' : apiVersion.slice(0, slash);
  return templateKinds.find((entry) => entry.group === group && entry.kind === kind);
}

/** Whether `mutatePodTemplate` knows where the object's pods are described. A pod describes itself. */
export function isTemplateKind(object: unknown, known: ObjectKind = {}): boolean {
  return templateKindOf(object, known) !== undefined;
}
