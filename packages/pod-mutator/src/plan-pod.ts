import { err, ok, type Result } from '@bwki/plain-data';
import {
  parsePod,
  type FieldError,
  type FieldPath,
  type ParsedPod,
  type PodLike,
  type Warning,
} from '@bwki/spec-parser';

import { planMutation, type MutateOptions, type PlannedMutation } from './plan/plan-mutation.ts';
import { isEmptyPlan, type MutationPlan } from './plan/plan.ts';
import type { Policy } from './policy/policy.ts';

/** A pod that was decoded and planned, once, for mutation, validation and templates. */
export interface PlannedPod {
  readonly parsed: ParsedPod;
  readonly planned: PlannedMutation;
  /** Every error of the pod; with any, the plan must not be carried out. */
  readonly errors: readonly FieldError[];
  readonly warnings: readonly Warning[];
}

/** Where the pod stands in the object that the user wrote; `spec` and `metadata` by default. */
export interface PodPaths {
  readonly specPath?: FieldPath | undefined;
  readonly metadataPath?: FieldPath | undefined;
}

export function planPod(
  pod: PodLike,
  policy: Policy,
  options: MutateOptions,
  { specPath, metadataPath }: PodPaths = {},
): PlannedPod {
  const { catalog, totalGpuMemory: totalMemory } = policy;
  const parsed = parsePod(pod, { catalog, totalMemory, specPath, metadataPath });
  const planned = planMutation(parsed, policy, options);
  return {
    parsed,
    planned,
    errors: joined(parsed.errors, planned.errors),
    warnings: joined(parsed.warnings, planned.warnings),
  };
}

/** The plan to carry out, undefined where nothing changes; or the pod's errors. */
export function planOf({
  planned,
  errors,
}: PlannedPod): Result<MutationPlan | undefined, readonly FieldError[]> {
  if (errors.length > 0) return err(errors);
  return ok(isEmptyPlan(planned.plan) ? undefined : planned.plan);
}

function joined<T>(one: readonly T[], other: readonly T[]): readonly T[] {
  if (other.length === 0) return one;
  return one.length === 0 ? other : [...one, ...other];
}
