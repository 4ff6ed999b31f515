import { err, ok, type Result } from '@bwki/plain-data';
import type { ContainerGpuRequest, FieldError, PodGpuRequest, PodLike, Warning } from '@bwki/spec-parser';

import { planOf, planPod } from './plan-pod.ts';
import type { MutateOptions } from './plan/plan-mutation.ts';
import { hasTokenVolume } from './plan/volume-plan.ts';
import type { Policy } from './policy/policy.ts';
import { applyPlan } from './render/apply-plan.ts';
import type { JsonPatchOperation } from './render/json-patch.ts';
import { toJsonPatch } from './render/to-json-patch.ts';

export interface MutationOutcome<P extends PodLike> {
  /** RFC 6902, strictly applicable to the pod; empty where there is nothing to do. Made when it is first read. */
  readonly patch: readonly JsonPatchOperation[];
  /** The text of `patch`, as JSON. */
  readonly patchText: () => string;
  /** Whether there is anything to do. */
  readonly isChanged: boolean;
  /** The pod as the patch makes it; the pod itself where that is empty. */
  readonly mutatedPod: () => P;
  readonly warnings: readonly Warning[];
  /** What the pod takes of the quota; 0 where it asks for nothing. 1 is 1 % of one GPU. */
  readonly units: bigint;
  /** What each container asked for, or only got the client for; empty where the pod is left alone. */
  readonly containers: readonly ContainerGpuRequest[];
  /** What was asked for; undefined where the pod's mode is none. */
  readonly request: PodGpuRequest | undefined;
  /** Whether the pod, once mutated, mounts the access token, which its namespace then needs. */
  readonly mountsToken: boolean;
}

/**
 * Makes a pod that asks for Bitfusion GPUs run under the client.
 *
 * @returns the patch and what it comes to, or every fault of the pod, each with its path. Nothing is thrown for a pod,
 *   however broken it is.
 */
export function mutatePod<P extends PodLike>(
  pod: P,
  policy: Policy,
  options: MutateOptions = {},
): Result<MutationOutcome<P>, readonly FieldError[]> {
  const planned = planPod(pod, policy, options);
  const outcome = planOf(planned);
  if (!outcome.ok) return err(outcome.error);
  const plan = outcome.value;
  const { request, reading } = planned.parsed;
  let patch: readonly JsonPatchOperation[] | undefined;
  return ok({
    get patch() {
      return (patch ??= plan === undefined ? [] : toJsonPatch(plan, pod));
    },
    patchText: () => JSON.stringify(plan === undefined ? [] : toJsonPatch(plan, pod)),
    isChanged: plan !== undefined,
    mutatedPod: () => (plan === undefined ? pod : applyPlan(pod, plan)),
    warnings: planned.warnings,
    units: planned.planned.units,
    containers: request?.containers ?? [],
    request,
    mountsToken:
      plan !== undefined ||
      (reading.mountsToken && hasTokenVolume(reading.spec.volumes ?? [], policy.tokenSecrets)),
  });
}
