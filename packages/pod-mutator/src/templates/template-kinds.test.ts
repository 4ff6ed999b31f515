import type { PodLike } from '@bwki/spec-parser';
import { formatFieldError } from '@bwki/spec-parser';
import { describe, expect, it } from 'vitest';

import { applyStrictly } from '../../test/apply-strictly.ts';
import { gpuContainer, gpuPod, policyOf } from '../../test/gpu-pod.ts';
import { mutatePodTemplate } from './mutate-pod-template.ts';
import { templateKinds, type TemplateKind, type TemplatePath } from './template-kinds.ts';
import { validatePodTemplate } from './validate-pod-template.ts';

/** An object of a kind with the same at the end of each of its paths; `*` is a list. */
function objectOf({ group, kind, paths }: TemplateKind, leaf: object, metadata: object = {}): object {
  const object = { apiVersion: group === '' ? 'v1' : `${group}/v1`, kind, metadata };
  return paths.reduce<object>((value, path) => withLeaf(value, path, leaf) as object, object);
}

function withLeaf(value: unknown, [field, ...rest]: TemplatePath, leaf: object): unknown {
  if (field === undefined) return { ...(value as object | undefined), ...leaf };
  if (field === '*') {
    const [first] = (value ?? []) as unknown[];
    return [withLeaf(first, rest, leaf)];
  }
  const object = (value ?? {}) as Record<string, unknown>;
  return { ...object, [field]: withLeaf(object[field], rest, leaf) };
}

const { metadata, spec } = gpuPod();

function leafOf(kind: TemplateKind, percent: number): object {
  const limits = { 'bitfusion.io/gpu-amount': 1, 'bitfusion.io/gpu-percent': percent };
  const container = gpuContainer({ resources: { limits } });
  const [field] = kind.singleContainer ?? [];
  if (field !== undefined) {
    const own = Object.entries(container).filter(([key]) => key !== 'name');
    return { metadata, [field]: Object.fromEntries(own) };
  }
  const pod = { ...spec, containers: [container] };
  return kind.isSpec === true ? pod : { metadata, spec: pod };
}

const all = templateKinds.map((kind) => [`${kind.group}/${kind.kind}`, kind] as const);

describe('a kind whose pods are known', () => {
  it.each(all)('B86: %s', (_, kind) => {
    const object = objectOf(kind, leafOf(kind, 50), metadata);
    const outcome = mutatePodTemplate(object, policyOf());
    if (!outcome.ok) throw new Error(outcome.error.map(formatFieldError).join('\n'));
    const { templates, patch, mutatedObject } = outcome.value;
    expect(templates.map(({ units }) => units)).toEqual(kind.paths.map(() => 50n));
    expect(applyStrictly(object, patch)).toEqual(mutatedObject());
    expect(validatePodTemplate(mutatedObject(), policyOf()).errors).toEqual([]);
    const again = mutatePodTemplate(mutatedObject(), policyOf());
    expect(again.ok && again.value.patch).toEqual([]);
  });

  it.each(all)('B86: %s with 500 % is refused at the field where that stands', (_, kind) => {
    const object = objectOf(kind, leafOf(kind, 500), metadata);
    const { errors } = validatePodTemplate(object, policyOf());
    expect(errors.map(({ code }) => code)).toEqual(kind.paths.map(() => 'QUOTA_PERCENT_RANGE'));
    for (const { field } of errors) {
      const steps = Array.from(field.matchAll(/[^.[\]]+(?:\.io\/[^\]]+)?/g), ([step]) => step);
      const found = steps.reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], object);
      expect(found).toBe(500);
    }
  });
});

describe('templates of other objects', () => {
  const template = { metadata, spec };

  it('B96: of any kind, by their paths', () => {
    const object = { kind: 'Training', spec: { parts: [{ pod: template }, {}, { pod: template }] } };
    const outcome = mutatePodTemplate(object, policyOf(), { templates: [['spec', 'parts', '*', 'pod']] });
    expect(outcome.ok && outcome.value.templates.map(({ path }) => path)).toEqual([
      'spec.parts[0].pod',
      'spec.parts[2].pod',
    ]);
  });

  it('B96: of an element of a list, which does not say what it is', () => {
    const known = { apiVersion: 'apps/v1', kind: 'Deployment' };
    const outcome = mutatePodTemplate({ spec: { template } }, policyOf(), { known });
    expect(outcome.ok && outcome.value.templates).toHaveLength(1);
  });

  it('B86: the command that the MPI operator gives a worker is known', () => {
    const worker = { ...gpuContainer(), command: [] };
    const pod = { metadata, spec: { containers: [worker] } } as PodLike;
    const object = {
      apiVersion: 'kubeflow.org/v2beta1',
      kind: 'MPIJob',
      spec: { mpiReplicaSpecs: { Worker: { template: pod } } },
    };
    const outcome = mutatePodTemplate(object, policyOf());
    if (!outcome.ok) throw new Error(outcome.error.map(formatFieldError).join('\n'));
    const [container] =
      outcome.value.mutatedObject().spec.mpiReplicaSpecs.Worker.template.spec?.containers ?? [];
    expect(container?.command?.at(-1)).toBe('/usr/sbin/sshd');
    expect(container?.args).toEqual(['-De']);
    const launcher = { ...object, spec: { mpiReplicaSpecs: { Launcher: { template: pod } } } };
    expect(validatePodTemplate(launcher, policyOf()).errors.map(({ code }) => code)).toEqual([
      'MUTATION_COMMAND_MISSING',
    ]);
  });
});

describe('an annotation on the workload', () => {
  const annotations = { 'auto-management/bitfusion': 'all' };
  const cronJob = (outer: object, inner: object, pod: object): object => ({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: outer,
    spec: { jobTemplate: { metadata: inner, spec: { template: { metadata: pod, spec } } } },
  });
  const warned = (object: object): readonly string[] =>
    validatePodTemplate(object, policyOf()).warnings.map(({ code, field }) => `${code} ${field}`);

  it.each([
    [cronJob({ annotations }, {}, {}), 'metadata.annotations'],
    [cronJob({ labels: annotations }, {}, {}), 'metadata.labels'],
    [cronJob({}, { annotations }, {}), 'spec.jobTemplate.metadata.annotations'],
  ])('B83: is told where it belongs: %#', (object, list) => {
    expect(warned(object)).toContain(`SPEC_ANNOTATION_MISPLACED ${list}[auto-management/bitfusion]`);
  });

  it('B83: beside that of the template it is nobody’s mistake', () => {
    expect(warned(cronJob({ annotations }, {}, { annotations }))).toEqual([]);
  });
});
