import { TextBudget } from '@bwki/bitfusion-cli-wrap';
import {
  annotations as annotationNames,
  FieldPath,
  type ContainerLike,
  type FieldError,
  type PodGpuRequest,
  type PodLike,
  type PodSpecLike,
  type Warning,
} from '@bwki/spec-parser';

import { isEmptyContainerPlan, planContainer } from './container-plan.ts';
import { isEquipped, podContainers } from '../read/equipped.ts';
import { checkHome } from './home-check.ts';
import type { ImageConfigs } from '../policy/image-config.ts';
import { injectedStatus } from '../layout.ts';
import { mutatedUnits } from './mutated-units.ts';
import type { ContainerPlan, MutationPlan } from './plan.ts';
import type { Policy } from '../policy/policy.ts';
import { planPopulate } from './populate/populate-plan.ts';
import { isStepName } from './populate/populate-steps.ts';
import { readableSpec } from '../read/readable-spec.ts';
import { asksForGpu } from './resource-plan.ts';
import { planVolumes } from './volume-plan.ts';
import { podVolumes } from './volumes.ts';

export interface PlanOptions {
  /** The images' own commands, for containers that name none (B34). */
  readonly imageConfigs?: ImageConfigs | undefined;
  /** Where the pod's spec stands in the object; default `spec`. */
  readonly specPath?: FieldPath | undefined;
  /** Where its metadata stands; default `metadata`. */
  readonly metadataPath?: FieldPath | undefined;
}

export interface PlannedMutation {
  /** To be carried out only where there are no errors. */
  readonly plan: MutationPlan;
  readonly errors: readonly FieldError[];
  readonly warnings: readonly Warning[];
  /** What the pod takes of the quota once the plan is carried out (B22). */
  readonly units: bigint;
}

const nothing: PlannedMutation = {
  plan: { annotations: [], volumes: [], imagePullSecrets: [], populate: [], containers: [] },
  errors: [],
  warnings: [],
  units: 0n,
};

/**
 * From a request to what has to change in the pod. What an earlier mutation did is found in the pod's structure
 * and kept, so that planning for a mutated pod plans nothing, and a container that came since is served (B44).
 *
 * @param request what `parsePod` read in this pod
 */
export function planMutation(
  pod: PodLike,
  request: PodGpuRequest,
  policy: Policy,
  options: PlanOptions = {},
): PlannedMutation {
  const specPath = options.specPath ?? FieldPath.root('spec');
  const asked = { initContainers: new Set<number>(), containers: new Set<number>() };
  for (const { ref } of request.containers) asked[ref.list].add(ref.index);
  const { spec, errors: shapeErrors } = readableSpec(
    pod.spec,
    specPath,
    (container, list, index) => asked[list].has(index) || asksForGpu(container) || isStepName(container.name),
  );
  const equipped: ContainerLike[] = [];
  const served: ContainerLike[] = [];
  let asks = false;
  for (const { ref, container } of podContainers(spec)) {
    const hasClient = isEquipped(container);
    if (hasClient) equipped.push(container);
    if (hasClient || asked[ref.list].has(ref.index)) served.push(container);
    asks ||= asksForGpu(container);
  }
  // A container that asks in a way that cannot be served is not among the served, but its pod has other faults too.
  if (served.length === 0 && !asks) return nothing;

  const containers = planContainers(spec, request, policy, { ...options, specPath });
  const populate = planPopulate(spec, served, request.client, policy, specPath);
  const isMutated = equipped.length > 0 || populate.steps.some(({ kind }) => kind === 'keep');
  const volumes = planVolumes(
    spec.volumes ?? [],
    podVolumes(policy.tokenSecrets),
    isMutated,
    specPath.child('volumes'),
  );
  return {
    plan: {
      annotations: statusAnnotation(pod),
      volumes: volumes.append,
      imagePullSecrets: missingPullSecrets(spec, policy),
      populate: populate.steps,
      containers: containers.plans,
    },
    errors: [
      ...shapeErrors,
      ...checkHome(request, options.metadataPath ?? FieldPath.root('metadata')),
      ...withoutFieldsOf(shapeErrors, containers.errors),
      ...volumes.errors,
      ...populate.errors,
    ],
    warnings: containers.warnings,
    units: mutatedUnits(spec, request.containers),
  };
}

/** A field that cannot be read is treated as absent, which may be a fault too; but it is not the one to mend. */
function withoutFieldsOf(
  reported: readonly FieldError[],
  errors: readonly FieldError[],
): readonly FieldError[] {
  if (reported.length === 0) return errors;
  const fields = new Set(reported.map(({ field }) => field));
  return errors.filter(({ field }) => !fields.has(field));
}

interface PlannedContainers {
  readonly plans: readonly ContainerPlan[];
  readonly errors: readonly FieldError[];
  readonly warnings: readonly Warning[];
}

function planContainers(
  spec: PodSpecLike,
  request: PodGpuRequest,
  policy: Policy,
  { imageConfigs, specPath }: { imageConfigs?: ImageConfigs | undefined; specPath: FieldPath },
): PlannedContainers {
  const plans: ContainerPlan[] = [];
  const errors: FieldError[] = [];
  const warnings: Warning[] = [];
  const budget = new TextBudget();
  let hidesLibraryPath: FieldPath | undefined;
  for (const asked of request.containers) {
    const { list, index } = asked.ref;
    const path = specPath.child(list).index(index);
    const container = spec[list]?.[index] ?? {};
    const planned = planContainer({ container, asked, request, policy, imageConfigs, budget, path });
    for (const error of planned.errors) errors.push(error);
    for (const warning of planned.warnings) warnings.push(warning);
    if (planned.hidesLibraryPath) hidesLibraryPath ??= path;
    if (!isEmptyContainerPlan(planned.plan)) plans.push(planned.plan);
  }
  if (hidesLibraryPath !== undefined) {
    warnings.push({
      code: 'MUTATION_LIBRARY_PATH_SET',
      field: hidesLibraryPath.child('env').toString(),
      message: 'LD_LIBRARY_PATH was set: a value from the image or from envFrom is hidden',
    });
  }
  return { plans, errors, warnings };
}

function statusAnnotation(pod: PodLike): MutationPlan['annotations'] {
  const isSet = pod.metadata?.annotations?.[annotationNames.status] === injectedStatus;
  return isSet ? [] : [{ key: annotationNames.status, value: injectedStatus }];
}

function missingPullSecrets(spec: PodSpecLike, policy: Policy): MutationPlan['imagePullSecrets'] {
  const present = new Set(spec.imagePullSecrets?.map(({ name }) => name));
  return policy.imagePullSecrets.filter((name) => !present.has(name)).map((name) => ({ name }));
}
