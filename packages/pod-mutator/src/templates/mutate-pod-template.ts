import { asJsonObject, err, ok, type Result } from '@bwki/plain-data';
import { FieldPath, parsePod, type FieldError, type PodLike, type Warning } from '@bwki/spec-parser';

import { applyPlan } from '../render/apply-plan.ts';
import { pointer, type JsonPatchOperation } from '../render/json-patch.ts';
import type { MutateOptions, MutationOutcome } from '../mutate-pod.ts';
import { isEmptyPlan } from '../plan/plan.ts';
import { planMutation } from '../plan/plan-mutation.ts';
import { podTemplates, type PodTemplate } from './pod-templates.ts';
import type { Policy } from '../policy/policy.ts';
import { templateKindOf, templateKinds } from './template-kinds.ts';
import { toJsonPatch } from '../render/to-json-patch.ts';

/** What the mutation of an object came to for one of its templates. */
export interface TemplateMutation extends Pick<
  MutationOutcome<PodLike>,
  'units' | 'containers' | 'mutatedPod'
> {
  /** Where the template stands, as a field path: `spec.pytorchReplicaSpecs.Worker.template`. */
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
 * `mutatePod` for the templates of an object: Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob,
 * PyTorchJob, TFJob, MPIJob, Notebook (B45). Faults of all its templates are collected; paths start at the object.
 */
export function mutatePodTemplate<T extends object>(
  object: T,
  policy: Policy,
  options: MutateOptions = {},
): Result<TemplateOutcome<T>, readonly FieldError[]> {
  const kind = templateKindOf(object);
  if (kind === undefined) return err([unsupportedKind(object)]);
  const results = podTemplates(object, kind).map((template) => mutateTemplate(template, policy, options));
  const errors = results.flatMap((result) => (result.ok ? [] : result.error));
  if (errors.length > 0) return err(errors);
  const done = results.flatMap((result) => (result.ok ? [result.value] : []));
  return ok({
    patch: done.flatMap(({ patch }) => patch),
    mutatedObject: () => done.reduce((mutated, { apply }) => apply(mutated), object),
    warnings: done.flatMap(({ warnings }) => warnings),
    templates: done.map(({ template }) => template),
  });
}

interface MutatedTemplate {
  readonly patch: readonly JsonPatchOperation[];
  readonly warnings: readonly Warning[];
  readonly template: TemplateMutation;
  readonly apply: <T extends object>(object: T) => T;
}

function mutateTemplate(
  template: PodTemplate,
  policy: Policy,
  options: MutateOptions,
): Result<MutatedTemplate, readonly FieldError[]> {
  const { pod, path, metadataPath, replicas } = template;
  const paths = { specPath: fieldPath([...path, 'spec']), metadataPath: fieldPath(metadataPath) };
  const { catalog, totalGpuMemory: totalMemory } = policy;
  const parsed = parsePod(pod, { catalog, totalMemory, ...paths });
  const planned = parsed.request && planMutation(pod, parsed.request, policy, { ...options, ...paths });
  const errors = [...parsed.errors, ...(planned?.errors ?? [])];
  if (errors.length > 0) return err(errors);
  const plan = planned === undefined || isEmptyPlan(planned.plan) ? undefined : planned.plan;
  const mutatedPod = (): PodLike => (plan === undefined ? pod : applyPlan(pod, plan));
  const containers = parsed.request?.containers ?? [];
  return ok({
    patch:
      plan === undefined
        ? []
        : toJsonPatch(plan, pod, {
            metadata: pointer('', ...metadataPath),
            spec: pointer('', ...path, 'spec'),
          }),
    warnings: [...parsed.warnings, ...(planned?.warnings ?? [])],
    template: {
      path: path.join('.'),
      replicas,
      pod,
      mutatedPod,
      containers,
      units: planned?.units ?? 0n,
    },
    apply: (object) => {
      if (plan === undefined) return object;
      const { metadata, spec } = mutatedPod();
      const withSpec = withValueAt(object, [...path, 'spec'], spec);
      return plan.annotations.length === 0 ? withSpec : withValueAt(withSpec, metadataPath, metadata);
    },
  });
}

/** A copy with another value at a path; what lies off the path is shared. */
function withValueAt<T extends object>(object: T, path: readonly string[], value: unknown): T {
  const [field, ...rest] = path;
  if (field === undefined) return object;
  const child = asJsonObject(asJsonObject(object)?.[field]) ?? {};
  return { ...object, [field]: rest.length === 0 ? value : withValueAt(child, rest, value) };
}

function fieldPath(fields: readonly string[]): FieldPath {
  const [first = '', ...rest] = fields;
  return rest.reduce((path, field) => path.child(field), FieldPath.root(first));
}

function unsupportedKind(object: object): FieldError {
  const { kind } = asJsonObject(object) ?? {};
  return {
    type: 'NotSupported',
    code: 'TEMPLATE_KIND_UNSUPPORTED',
    field: 'kind',
    value: kind,
    detail: `supported kinds: ${templateKinds.map((entry) => entry.kind).join(', ')}`,
  };
}
