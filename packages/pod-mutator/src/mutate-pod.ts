import { err, ok, type Result } from '@bwki/plain-data';
import type { ContainerGpuRequest, FieldError, PodGpuRequest, PodLike, Warning } from '@bwki/spec-parser';

import { planOf, planPod, type PlannedPod } from './plan-pod.ts';
import type { MutateOptions } from './plan/plan-mutation.ts';
import type { MutationPlan } from './plan/plan.ts';
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
  return outcome.ok ? ok(new PlannedOutcome(pod, planned, outcome.value, policy)) : err(outcome.error);
}

/** A class for its getter: V8 takes microseconds to make an object literal with one. */
class PlannedOutcome<P extends PodLike> implements MutationOutcome<P> {
  readonly isChanged: boolean;
  readonly warnings: readonly Warning[];
  readonly units: bigint;
  readonly containers: readonly ContainerGpuRequest[];
  readonly request: PodGpuRequest | undefined;
  readonly mountsToken: boolean;
  readonly patchText: () => string;
  readonly mutatedPod: () => P;
  readonly #operations: () => readonly JsonPatchOperation[];
  #patch: readonly JsonPatchOperation[] | undefined;

  constructor(
    pod: P,
    { parsed, planned, warnings }: PlannedPod,
    plan: MutationPlan | undefined,
    policy: Policy,
  ) {
    const { request, reading } = parsed;
    this.isChanged = plan !== undefined;
    this.warnings = warnings;
    this.units = planned.units;
    this.containers = request?.containers ?? [];
    this.request = request;
    this.mountsToken =
      this.isChanged ||
      (reading.mountsToken && hasTokenVolume(reading.spec.volumes ?? [], policy.tokenSecrets));
    this.#operations = () => (plan === undefined ? [] : toJsonPatch(plan, pod));
    this.patchText = () => JSON.stringify(this.#operations());
    this.mutatedPod = () => (plan === undefined ? pod : applyPlan(pod, plan));
  }

  get patch(): readonly JsonPatchOperation[] {
    return (this.#patch ??= this.#operations());
  }
}
