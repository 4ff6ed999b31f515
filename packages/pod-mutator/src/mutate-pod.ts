import { err, ok, type Result } from '@bwki/plain-data';
import {
  parsePod,
  type ContainerGpuRequest,
  type FieldError,
  type PodLike,
  type Warning,
} from '@bwki/spec-parser';

import { applyPlan } from './render/apply-plan.ts';
import type { ImageConfigs } from './policy/image-config.ts';
import type { JsonPatchOperation } from './render/json-patch.ts';
import { isEmptyPlan } from './plan/plan.ts';
import { planMutation } from './plan/plan-mutation.ts';
import type { Policy } from './policy/policy.ts';
import { toJsonPatch } from './render/to-json-patch.ts';

export interface MutateOptions {
  /** The images' own commands, from `resolveImageConfigs`, for containers that name none (B34). */
  readonly imageConfigs?: ImageConfigs | undefined;
}

export interface MutationOutcome<P extends PodLike> {
  /** RFC 6902, strictly applicable to the pod; empty where there is nothing to do. */
  readonly patch: readonly JsonPatchOperation[];
  /** The pod as the patch makes it; the pod itself where that is empty. */
  readonly mutatedPod: () => P;
  readonly warnings: readonly Warning[];
  /** What the pod takes of the quota (B22); 0 where it asks for nothing. 1 is 1 % of one GPU. */
  readonly units: bigint;
  /** What each container asked for, or only got the client for; empty where the pod is left alone. */
  readonly containers: readonly ContainerGpuRequest[];
}

/**
 * Makes a pod that asks for Bitfusion GPUs run under the client.
 *
 * @returns the patch and what it comes to, or every fault of the pod (B14), each with its path. Nothing is thrown
 *   for a pod, however broken it is.
 */
export function mutatePod<P extends PodLike>(
  pod: P,
  policy: Policy,
  options: MutateOptions = {},
): Result<MutationOutcome<P>, readonly FieldError[]> {
  const { catalog, totalGpuMemory } = policy;
  const parsed = parsePod(pod, { catalog, totalMemory: totalGpuMemory });
  const { request } = parsed;
  if (request === undefined) {
    return parsed.errors.length > 0 ? err(parsed.errors) : ok(untouched(pod, parsed.warnings));
  }
  const { plan, errors, warnings, units } = planMutation(pod, request, policy, options);
  if (parsed.errors.length + errors.length > 0) return err([...parsed.errors, ...errors]);
  const isEmpty = isEmptyPlan(plan);
  return ok({
    patch: isEmpty ? [] : toJsonPatch(plan, pod),
    mutatedPod: () => (isEmpty ? pod : applyPlan(pod, plan)),
    warnings: [...parsed.warnings, ...warnings],
    units,
    containers: request.containers,
  });
}

function untouched<P extends PodLike>(pod: P, warnings: readonly Warning[]): MutationOutcome<P> {
  return { patch: [], mutatedPod: () => pod, warnings, units: 0n, containers: [] };
}
