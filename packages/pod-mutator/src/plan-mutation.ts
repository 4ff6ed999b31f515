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
import { isEquipped, podContainers } from './equipped.ts';
import type { ImageConfigs } from './image-config.ts';
import { injectedStatus } from './layout.ts';
import type { ContainerPlan, MutationPlan } from './plan.ts';
import type { Policy } from './policy.ts';
import { planPopulate } from './populate-plan.ts';
import { planVolumes } from './volume-plan.ts';
import { podVolumes } from './volumes.ts';

export interface PlanOptions {
  /** The images' own commands, for containers that name none (B34). */
  readonly imageConfigs?: ImageConfigs | undefined;
  /** Where the pod's spec stands in the object; default `spec`. */
  readonly specPath?: FieldPath | undefined;
}

export interface PlannedMutation {
  readonly plan: MutationPlan;
  readonly errors: readonly FieldError[];
  readonly warnings: readonly Warning[];
}

const emptyPlan: MutationPlan = {
  annotations: [],
  volumes: [],
  imagePullSecrets: [],
  populate: [],
  containers: [],
};

/**
 * From a request to what has to change in the pod. What an earlier mutation did is found in the pod's structure
 * and kept, so that planning for a mutated pod plans nothing, and a container that came since is served (B44).
 */
export function planMutation(
  pod: PodLike,
  request: PodGpuRequest,
  policy: Policy,
  options: PlanOptions = {},
): PlannedMutation {
  const spec = pod.spec ?? {};
  const specPath = options.specPath ?? FieldPath.root('spec');
  const errors: FieldError[] = [];
  const warnings: Warning[] = [];
  const containers: ContainerPlan[] = [];
  let hidesImageLibraryPath: string | undefined;

  for (const asked of request.containers) {
    const { list, index } = asked.ref;
    const path = specPath.child(list).index(index);
    const container = spec[list]?.[index] ?? {};
    const planned = planContainer({
      container,
      asked,
      request,
      policy,
      imageConfigs: options.imageConfigs,
      path,
    });
    errors.push(...planned.errors);
    warnings.push(...planned.warnings);
    if (planned.hidesImageLibraryPath) hidesImageLibraryPath ??= path.child('env').toString();
    if (!isEmptyContainerPlan(planned.plan)) containers.push(planned.plan);
  }
  if (hidesImageLibraryPath !== undefined) {
    warnings.push({
      code: 'MUTATION_LIBRARY_PATH_SET',
      field: hidesImageLibraryPath,
      message: "LD_LIBRARY_PATH was set: an image's own value is hidden",
    });
  }

  const served = servedContainers(spec, request);
  if (served.length === 0) return { plan: emptyPlan, errors, warnings };
  const populate = planPopulate(spec, served, request.client, policy, specPath);
  const volumes = planVolumes(spec.volumes ?? [], podVolumes(policy.tokenSecrets), specPath.child('volumes'));
  return {
    plan: {
      annotations: statusAnnotation(pod),
      volumes: volumes.append,
      imagePullSecrets: missingPullSecrets(spec, policy),
      populate: populate.steps,
      containers,
    },
    errors: [...errors, ...volumes.errors, ...populate.errors],
    warnings,
  };
}

/** The containers that use the client: those of the request, and those that an earlier mutation equipped. */
function servedContainers(spec: PodSpecLike, request: PodGpuRequest): readonly ContainerLike[] {
  const asked = new Set(request.containers.map(({ ref }) => `${ref.list}/${ref.index}`));
  const served: ContainerLike[] = [];
  for (const { ref, container } of podContainers(spec)) {
    if (asked.has(`${ref.list}/${ref.index}`) || isEquipped(container)) served.push(container);
  }
  return served;
}

function statusAnnotation(pod: PodLike): MutationPlan['annotations'] {
  const isSet = pod.metadata?.annotations?.[annotationNames.status] === injectedStatus;
  return isSet ? [] : [{ key: annotationNames.status, value: injectedStatus }];
}

function missingPullSecrets(spec: PodSpecLike, policy: Policy): MutationPlan['imagePullSecrets'] {
  return policy.imagePullSecrets
    .filter((name) => spec.imagePullSecrets?.some((secret) => secret.name === name) !== true)
    .map((name) => ({ name }));
}
