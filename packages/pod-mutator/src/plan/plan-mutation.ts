import { TextBudget } from '@bwki/bitfusion-cli-wrap';
import {
  annotations as annotationNames,
  type FieldError,
  type FieldPath,
  type ParsedPod,
  type PodContainer,
  type PodGpuRequest,
  type PodReading,
  type Warning,
} from '@bwki/spec-parser';

import { injectedStatus } from '../layout.ts';
import type { ImageConfigs } from '../policy/image-config.ts';
import type { Policy } from '../policy/policy.ts';
import { isEmptyContainerPlan, planContainer } from './container-plan.ts';
import { checkHomes } from './home-check.ts';
import { mutatedUnits } from './mutated-units.ts';
import type { ContainerPlan, MutationPlan } from './plan.ts';
import { planPopulate } from './populate/populate-plan.ts';
import { planVolumes } from './volume-plan.ts';
import { podVolumes } from './volumes.ts';

export interface MutateOptions {
  /** The images' own commands, from `resolveImageConfigs`, for containers that name none. */
  readonly imageConfigs?: ImageConfigs | undefined;
}

export interface PlannedMutation {
  /** To be carried out only where there are no errors. */
  readonly plan: MutationPlan;
  /** Those that the plan adds to the errors of the reading. */
  readonly errors: readonly FieldError[];
  readonly warnings: readonly Warning[];
  /** What the pod takes of the quota once the plan is carried out. */
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
 * and kept, so that planning for an injected pod plans nothing, and a container that came since is served.
 *
 * @param parsed what `parsePod` made of the pod
 */
export function planMutation(
  { request, reading, errors: known }: ParsedPod,
  policy: Policy,
  options: MutateOptions = {},
): PlannedMutation {
  if (request === undefined) return nothing;
  const served = servedContainers(reading, request);
  // A container that asks in a way that cannot be served is not among the served, but its pod has other faults too.
  if (served.length === 0 && !reading.asksForGpu) return nothing;

  const containers = planContainers(reading, request, policy, options.imageConfigs);
  const populate = planPopulate(reading, served, request.client, policy);
  const isInjected =
    served.some(({ homeMount }) => homeMount !== undefined) ||
    populate.steps.some(({ kind }) => kind === 'keep');
  const volumes = planVolumes(
    reading.spec.volumes ?? [],
    podVolumes(policy.tokenSecrets),
    isInjected,
    reading.specPath.child('volumes'),
  );
  return {
    plan: {
      annotations: statusAnnotation(reading),
      volumes: volumes.append,
      imagePullSecrets: missingPullSecrets(reading, policy),
      populate: populate.steps,
      containers: containers.plans,
    },
    errors: [
      ...checkHomes(request, reading),
      ...withoutFieldsOf(known, containers.errors),
      ...volumes.errors,
      ...populate.errors,
    ],
    warnings: containers.warnings,
    units: mutatedUnits(reading, request.containers),
  };
}

/** The containers that get a home of their own or have one, in the pod's order. */
function servedContainers(
  { containers }: PodReading,
  { containers: requests }: PodGpuRequest,
): readonly PodContainer[] {
  let next = 0;
  return containers.filter((place) => {
    // Both lists are in the pod's order.
    const isAsked = requests[next]?.ref === place.ref;
    if (isAsked) next += 1;
    return isAsked || place.homeMount !== undefined;
  });
}

/** A field that cannot be read is treated as absent, which may be a fault too; but it is not the one to mend. */
function withoutFieldsOf(
  reported: readonly FieldError[],
  errors: readonly FieldError[],
): readonly FieldError[] {
  if (reported.length === 0 || errors.length === 0) return errors;
  const fields = new Set(reported.map(({ field }) => field));
  return errors.filter(({ field }) => !fields.has(field));
}

interface PlannedContainers {
  readonly plans: readonly ContainerPlan[];
  readonly errors: readonly FieldError[];
  readonly warnings: readonly Warning[];
}

function planContainers(
  reading: PodReading,
  request: PodGpuRequest,
  policy: Policy,
  imageConfigs: ImageConfigs | undefined,
): PlannedContainers {
  const plans: ContainerPlan[] = [];
  const errors: FieldError[] = [];
  const warnings: Warning[] = [];
  const budget = new TextBudget();
  const volumes = reading.spec.volumes ?? [];
  let hidesLibraryPath: FieldPath | undefined;
  for (const asked of request.containers) {
    const place = reading.containerAt(asked.ref);
    if (place === undefined) continue;
    const planned = planContainer({ place, asked, request, policy, imageConfigs, budget, volumes });
    for (const error of planned.errors) errors.push(error);
    for (const warning of planned.warnings) warnings.push(warning);
    if (planned.hidesLibraryPath) hidesLibraryPath ??= place.path;
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

function statusAnnotation({ annotations }: PodReading): MutationPlan['annotations'] {
  const isSet = annotations[annotationNames.status] === injectedStatus;
  return isSet ? [] : [{ key: annotationNames.status, value: injectedStatus }];
}

function missingPullSecrets({ spec }: PodReading, policy: Policy): MutationPlan['imagePullSecrets'] {
  if (policy.imagePullSecrets.length === 0) return [];
  const present = new Set(spec.imagePullSecrets?.map(({ name }) => name));
  return policy.imagePullSecrets.filter((name) => !present.has(name)).map((name) => ({ name }));
}
