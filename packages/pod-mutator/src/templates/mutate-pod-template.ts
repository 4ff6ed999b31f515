import { err, isJsonObject, ok, type Result } from '@bwki/plain-data';
import { type FieldError, type PodLike, type Warning } from '@bwki/spec-parser';

import type { MutationOutcome } from '../mutate-pod.ts';
import { planOf } from '../plan-pod.ts';
import type { MutateOptions } from '../plan/plan-mutation.ts';
import type { Policy } from '../policy/policy.ts';
import { applyPlan } from '../render/apply-plan.ts';
import { pointer, type JsonPatchOperation } from '../render/json-patch.ts';
import { toJsonPatch } from '../render/to-json-patch.ts';
import { planTemplates, type PlannedTemplate, type TemplateOptions } from './plan-templates.ts';
import { fieldPathOf } from './pod-templates.ts';

/** What the mutation of an object came to for one of its templates. */
export interface TemplateMutation extends Pick<
  MutationOutcome<PodLike>,
  'units' | 'containers' | 'request' | 'mutatedPod'
> {
  /** Where the template stands, as a field path: `spec.pytorchReplicaSpecs.Worker.template`; empty for a pod. */
  readonly path: string;
  /** How many pods of it run side by side, each of which takes `units`; 1 where the object does not say. */
  readonly replicas: number;
  /** The pod that the template describes, before. */
  readonly pod: PodLike;
}

export interface TemplateOutcome<T extends object> {
  readonly patch: readonly JsonPatchOperation[];
  readonly mutatedObject: () => T;
  readonly warnings: readonly Warning[];
  readonly templates: readonly TemplateMutation[];
}

/**
 * `mutatePod` for all templates of an object: a pod, a workload of Kubernetes or of a known operator, or any object of
 * which `options.templates` says where its templates are. Faults of all its templates are collected; paths start at the
 * object.
 */
export function mutatePodTemplate<T extends object>(
  object: T,
  policy: Policy,
  options: MutateOptions & TemplateOptions = {},
): Result<TemplateOutcome<T>, readonly FieldError[]> {
  const planned = planTemplates(object, policy, options);
  if (!planned.ok) return err(planned.error);
  const { templates, warnings } = planned.value;
  const errors = templates.flatMap(({ planned: { errors: own } }) => own);
  if (errors.length > 0) return err(errors);
  const done = templates.map(mutateTemplate);
  return ok({
    patch: done.flatMap(({ patch }) => patch),
    mutatedObject: () => done.reduce((mutated, { apply }) => apply(mutated), object),
    warnings,
    templates: done.map(({ template }) => template),
  });
}

interface MutatedTemplate {
  readonly patch: readonly JsonPatchOperation[];
  readonly template: TemplateMutation;
  readonly apply: <T extends object>(object: T) => T;
}

function mutateTemplate({ template, planned }: PlannedTemplate): MutatedTemplate {
  const { pod, path, specPath, metadataPath, replicas, singleContainer } = template;
  const { request } = planned.parsed;
  const outcome = planOf(planned);
  const plan = outcome.ok ? outcome.value : undefined;
  const mutatedPod = (): PodLike => (plan === undefined ? pod : applyPlan(pod, plan));
  const pointers = { metadata: pointer('', ...metadataPath), spec: pointer('', ...specPath) };
  const patch = plan === undefined ? [] : toJsonPatch(plan, pod, pointers);
  return {
    patch: singleContainer === undefined ? patch : patch.map(moved(pointers.spec, singleContainer)),
    template: {
      path: path.length === 0 ? '' : fieldPathOf(path).toString(),
      replicas,
      pod,
      mutatedPod,
      containers: request?.containers ?? [],
      request,
      units: planned.planned.units,
    },
    apply: (object) => {
      if (plan === undefined) return object;
      const { metadata, spec } = mutatedPod();
      const own = mutatedSpec(spec, pod.spec, singleContainer);
      const withSpec = withValueAt(object, specPath, own);
      return plan.annotations.length === 0 ? withSpec : withValueAt(withSpec, metadataPath, metadata);
    },
  };
}

/** The only container of a template stands in a field of its own instead of a list. */
function moved(spec: string, field: string): (operation: JsonPatchOperation) => JsonPatchOperation {
  const list = `${spec}/containers/0/`;
  return (operation) =>
    operation.path.startsWith(list)
      ? { ...operation, path: pointer(spec, field) + operation.path.slice(list.length - 1) }
      : operation;
}

/** The template as it is written: the view's list of containers becomes its one container again. */
function mutatedSpec(spec: PodLike['spec'], before: PodLike['spec'], field: string | undefined): unknown {
  if (field === undefined) return spec;
  const { containers, ...template } = { ...spec };
  const present: unknown = Object.entries(before ?? {}).find(([name]) => name === field)?.[1];
  const hasName = isJsonObject(present) && present['name'] !== undefined;
  const { name, ...container } = { ...containers?.[0] };
  return { ...template, [field]: hasName ? { ...container, name } : container };
}

/** A copy with another value at a path; what lies off the path is shared. */
function withValueAt<T extends object>(object: T, path: readonly (string | number)[], value: unknown): T {
  const changed = replacedAt(object, path, value);
  // The path leads through the object, so that a copy has its shape.
  return changed as T;
}

function replacedAt(
  present: unknown,
  [step, ...rest]: readonly (string | number)[],
  value: unknown,
): unknown {
  if (step === undefined) return value;
  if (Array.isArray(present)) {
    return present.map((item: unknown, index) => (index === step ? replacedAt(item, rest, value) : item));
  }
  const object = isJsonObject(present) ? present : {};
  return { ...object, [step]: replacedAt(object[step], rest, value) };
}
