import { formatFieldError, type PodLike } from '@bwki/spec-parser';
import { describe, expect, it } from 'vitest';

import { applyStrictly } from '../../test/apply-strictly.ts';
import { gpuContainer, gpuPod, mutated, policyOf } from '../../test/gpu-pod.ts';
import { mutatePodTemplate, type TemplateOutcome } from './mutate-pod-template.ts';
import { isTemplateKind } from './template-kinds.ts';

const template = gpuPod();

function mutatedTemplate<T extends object>(object: T): TemplateOutcome<T> {
  const outcome = mutatePodTemplate(object, policyOf());
  if (!outcome.ok) throw new Error(outcome.error.map(formatFieldError).join('\n'));
  expect(applyStrictly(object, outcome.value.patch)).toEqual(outcome.value.mutatedObject());
  return outcome.value;
}

const replicaSpecs = {
  Master: { replicas: 1, template },
  Worker: { replicas: 3, template },
};

const kinds: [string, string, object, [path: string, replicas: number][]][] = [
  ['apps/v1', 'Deployment', { replicas: 2, template }, [['spec.template', 2]]],
  ['apps/v1', 'StatefulSet', { template }, [['spec.template', 1]]],
  ['apps/v1', 'DaemonSet', { template }, [['spec.template', 1]]],
  ['apps/v1', 'ReplicaSet', { replicas: 0, template }, [['spec.template', 0]]],
  ['batch/v1', 'Job', { parallelism: 4, completions: 9, template }, [['spec.template', 4]]],
  [
    'batch/v1beta1',
    'CronJob',
    { jobTemplate: { spec: { parallelism: 2, template } } },
    [['spec.jobTemplate.spec.template', 2]],
  ],
  [
    'kubeflow.org/v1',
    'PyTorchJob',
    { pytorchReplicaSpecs: replicaSpecs },
    [
      ['spec.pytorchReplicaSpecs.Master.template', 1],
      ['spec.pytorchReplicaSpecs.Worker.template', 3],
    ],
  ],
  [
    'kubeflow.org/v1',
    'TFJob',
    { tfReplicaSpecs: { PS: { template } } },
    [['spec.tfReplicaSpecs.PS.template', 1]],
  ],
  [
    'kubeflow.org/v2beta1',
    'MPIJob',
    { mpiReplicaSpecs: { Launcher: { template: { spec: {} } }, Worker: { replicas: 2, template } } },
    [
      ['spec.mpiReplicaSpecs.Launcher.template', 1],
      ['spec.mpiReplicaSpecs.Worker.template', 2],
    ],
  ],
];

describe('mutatePodTemplate', () => {
  it.each(kinds)('B45: %s %s', (apiVersion, kind, spec, templates) => {
    const object = { apiVersion, kind, metadata: { name: 'x' }, spec };
    expect(isTemplateKind(object)).toBe(true);
    const outcome = mutatedTemplate(object);
    expect(outcome.templates.map(({ path, replicas }) => [path, replicas])).toEqual(templates);
    for (const { pod, units, containers, mutatedPod } of outcome.templates) {
      const asks = pod.spec?.containers !== undefined;
      expect(units).toBe(asks ? 50n : 0n);
      expect(containers).toHaveLength(asks ? 1 : 0);
      expect(mutatedPod()).toEqual(asks ? { ...mutated(template).mutatedPod() } : pod);
    }
    // The object itself stays: B44 for each of its templates.
    expect(mutatedTemplate(outcome.mutatedObject()).patch).toEqual([]);
    expect(outcome.mutatedObject().metadata).toBe(object.metadata);
  });

  it("B45: a Notebook's annotations are its own, which its controller copies to the pod", () => {
    const notebook = {
      apiVersion: 'kubeflow.org/v1',
      kind: 'Notebook',
      metadata: { ...template.metadata, labels: { app: 'x' } },
      spec: { template: { spec: template.spec } },
    };
    const { patch, mutatedObject } = mutatedTemplate(notebook);
    expect(patch[0]).toEqual({
      op: 'add',
      path: '/metadata/annotations/auto-management~1status',
      value: 'injected',
    });
    expect(patch.slice(1).every(({ path }) => path.startsWith('/spec/template/spec/'))).toBe(true);
    expect(mutatedObject().metadata.labels).toBe(notebook.metadata.labels);
    // An annotation of its template is none of the pod's.
    const elsewhere = { ...notebook, metadata: {}, spec: { template } };
    expect(mutatedTemplate(elsewhere).patch).toEqual([]);
  });

  it('B45: paths of faults start at the object, and those of all templates are collected', () => {
    const broken = {
      ...gpuPod({ command: ['x &'], args: ['y'] }, {}, { 'bitfusion-client/home': '/etc/bitfusion' }),
    };
    const object = {
      apiVersion: 'kubeflow.org/v1',
      kind: 'PyTorchJob',
      spec: { pytorchReplicaSpecs: { Master: { template: broken }, Worker: { template: broken } } },
    };
    const outcome = mutatePodTemplate(object, policyOf());
    const paths = ['Master', 'Worker'].flatMap((role) => [
      `spec.pytorchReplicaSpecs.${role}.template.metadata.annotations[bitfusion-client/home]`,
      `spec.pytorchReplicaSpecs.${role}.template.spec.containers[0].command`,
    ]);
    expect(outcome.ok ? [] : outcome.error.map(({ field }) => field)).toEqual(paths);
  });

  it('B45: warnings of all templates are collected', () => {
    const unread = gpuPod({ command: ['sh', '-c', 'bitfusion run -n $N x'] });
    const spec = { pytorchReplicaSpecs: { Master: { template: unread }, Worker: { template: unread } } };
    const { warnings } = mutatedTemplate({ apiVersion: 'kubeflow.org/v1', kind: 'PyTorchJob', spec });
    expect(warnings).toHaveLength(2);
  });

  it.each([
    ['a kind of another group', { apiVersion: 'example.com/v1', kind: 'Job', spec: { template } }],
    ['a List', { apiVersion: 'v1', kind: 'List', items: [] }],
    ['no kind', { apiVersion: 'apps/v1', spec: { template } }],
    ['no version', { kind: 'Deployment' }],
    ['a kind of a wrong type', { apiVersion: 'apps/v1', kind: 1 }],
    ['an array', []],
  ])('B45: %s has no template that is known', (_, object) => {
    expect(isTemplateKind(object)).toBe(false);
    const outcome = mutatePodTemplate(object, policyOf());
    expect(outcome.ok ? [] : outcome.error.map(({ code, field }) => `${code} ${field}`)).toEqual([
      'TEMPLATE_KIND_UNSUPPORTED kind',
    ]);
  });

  it('B45: says which kinds there are', () => {
    const outcome = mutatePodTemplate({ apiVersion: 'v1', kind: 'Service' }, policyOf());
    expect(outcome.ok ? '' : outcome.error.map(formatFieldError).join('\n')).toMatch(
      /^kind: Unsupported value: "Service": supported kinds: Pod, PodTemplate, .*, InferenceService$/,
    );
  });

  it.each<[string, unknown]>([
    ['no spec', undefined],
    ['no template', {}],
    ['a template of a wrong type', { template: 'x' }],
    ['a template of null', { template: null }],
  ])('B45: %s is nothing to mutate', (_, spec) => {
    const { patch, templates, mutatedObject } = mutatedTemplate({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      spec,
    });
    expect({ patch, templates }).toEqual({ patch: [], templates: [] });
    expect(mutatedObject().spec).toBe(spec);
  });

  it.each([null, 'two', 1.5, -1])(
    'B45: %j replicas are one, as of an object that does not say',
    (replicas) => {
      const object = { apiVersion: 'apps/v1', kind: 'Deployment', spec: { replicas, template } };
      expect(mutatedTemplate(object).templates[0]?.replicas).toBe(1);
    },
  );

  it('B45: a template that is mutated already stays as it is', () => {
    const spec = { template: mutated(template).mutatedPod() };
    expect(mutatedTemplate({ apiVersion: 'apps/v1', kind: 'Deployment', spec }).patch).toEqual([]);
  });

  it('B45: makes the annotations of a template whose metadata is null', () => {
    const containers = [gpuContainer()];
    const pod = { metadata: null, spec: { containers } } as unknown as PodLike;
    const outcome = mutatePodTemplate(
      { apiVersion: 'apps/v1', kind: 'Deployment', spec: { template: pod } },
      policyOf(),
    );
    // Without the annotation the mode is none, and that is only warned of.
    expect(outcome.ok ? outcome.value.warnings.map(({ code }) => code) : []).toEqual(['SPEC_NOT_MANAGED']);
  });
});
