import { readClientUse, TextBudget } from '@bwki/bitfusion-cli-wrap';
import {
  resources as names,
  unitsInPod,
  type FieldError,
  type PodContainer,
  type PodLike,
  type PodReading,
  type Warning,
} from '@bwki/spec-parser';

import { planPod, type PlannedPod } from '../plan-pod.ts';
import type { MutateOptions } from '../plan/plan-mutation.ts';
import { checkRuns } from '../plan/run-checks.ts';
import { runLimit } from '../plan/run-limit.ts';
import type { Policy } from '../policy/policy.ts';
import { checkServedRequest } from './served-request.ts';
import { checkServedUnits, unitsByHand } from './served-units.ts';

export interface PodVerdict {
  /** Empty for a pod that may run. */
  readonly errors: readonly FieldError[];
  readonly warnings: readonly Warning[];
  /** What the pod takes of the quota by the units that stand in it; those that cannot be read count as none. */
  readonly units: bigint;
  /** The first field that has units, which some node has to offer. */
  readonly unitsField: string | undefined;
}

/**
 * Judges a pod, mutated or not: every fault that `mutatePod` finds, units that were set by hand, and in what an earlier
 * mutation served, units, variables or a command that are not what the request comes to. It needs no cluster; whether
 * some node offers the resource is for the caller to find out.
 */
export function validatePod(pod: PodLike, policy: Policy, options: MutateOptions = {}): PodVerdict {
  return verdictOf(planPod(pod, policy, options), policy);
}

/** The verdict on a pod that was planned already. */
export function verdictOf({ parsed, errors, warnings }: PlannedPod, policy: Policy): PodVerdict {
  const { reading } = parsed;
  const checked = checkContainers(reading, policy);
  // What the mutation finds in a field is said once.
  const reported = new Set(checked.length === 0 ? [] : errors.map(({ field }) => field));
  return {
    errors: [...errors, ...checked.filter(({ field }) => !reported.has(field))],
    warnings,
    units: unitsInPod(reading),
    unitsField: unitsFieldOf(reading),
  };
}

function unitsFieldOf({ containers }: PodReading): string | undefined {
  const place = containers.find(({ resources }) => resources.valueIn('limits', names.units) !== undefined);
  return place?.resources.limitPath(names.units).toString();
}

function checkContainers({ containers }: PodReading, policy: Policy): readonly FieldError[] {
  const budget = new TextBudget();
  return containers.flatMap((place) => {
    if (place.homeMount === undefined && !place.hasUnits) return [];
    if (place.errors.length > 0) return place.errors;
    return place.homeMount === undefined ? unitsByHand(place) : checkServed(place, policy, budget);
  });
}

function checkServed(place: PodContainer, policy: Policy, budget: TextBudget): readonly FieldError[] {
  const { container, path } = place;
  const { request, flags, variables, errors } = checkServedRequest(container, policy.memoryFlagUnit, path);
  if (errors.length > 0) return errors;
  const units = checkServedUnits(place, request, policy.totalGpuMemory);
  const use = readClientUse(container, budget);
  const limit = runLimit(container, request, flags, variables, policy);
  const run = checkRuns(container, use, limit, path, budget);
  return [...units, ...run.errors];
}
