import { readClientUse, TextBudget } from '@bwki/bitfusion-cli-wrap';
import { asJsonObject } from '@bwki/plain-data';
import {
  FieldPath,
  type ContainerLike,
  type FieldError,
  type PodLike,
  type Warning,
} from '@bwki/spec-parser';

import { isEquipped, podContainers } from '../read/equipped.ts';
import { mutatePod, type MutateOptions } from '../mutate-pod.ts';
import type { Policy } from '../policy/policy.ts';
import { readableSpec } from '../read/readable-spec.ts';
import { checkRuns } from '../plan/run-checks.ts';
import { runLimit } from '../plan/run-limit.ts';
import { checkServedRequest } from './served-request.ts';
import { checkServedUnits, unitsByHand, unitsOfContainer } from './served-units.ts';

export interface PodVerdict {
  /** Empty for a pod that may run. */
  readonly errors: readonly FieldError[];
  readonly warnings: readonly Warning[];
}

/** The kubelet sets it on the mirror of a static pod, which nothing can change (B15). */
const mirrorAnnotation = 'kubernetes.io/config.mirror';

/**
 * Judges a pod, mutated or not: every fault that `mutatePod` finds, units that were set by hand (B13), and in what an
 * earlier mutation served, units, variables or a command that are not what the request comes to (B53). It needs no
 * cluster; whether some node offers the resource is for who has one to ask.
 */
export function validatePod(pod: PodLike, policy: Policy, options: MutateOptions = {}): PodVerdict {
  const mutation = mutatePod(pod, policy, options);
  const found = mutation.ok ? [] : mutation.error;
  const warnings = mutation.ok ? mutation.value.warnings : [];
  if (isMirrorPod(pod)) return { errors: found, warnings };
  // What the mutation finds in a field is said once.
  const reported = new Set(found.map(({ field }) => field));
  return {
    errors: [...found, ...checkContainers(pod, policy).filter(({ field }) => !reported.has(field))],
    warnings,
  };
}

function checkContainers(pod: PodLike, policy: Policy): readonly FieldError[] {
  const specPath = FieldPath.root('spec');
  const isJudged = (container: ContainerLike): boolean =>
    isEquipped(container) || unitsOfContainer(container).length > 0;
  const budget = new TextBudget();
  const { spec, ofContainer } = readableSpec(asJsonObject(pod)?.['spec'], specPath, isJudged);
  return podContainers(spec).flatMap(({ ref, container }) => {
    if (!isJudged(container)) return [];
    const unreadable = ofContainer.get(container);
    if (unreadable !== undefined) return unreadable;
    const path = specPath.child(ref.list).index(ref.index);
    return isEquipped(container)
      ? checkServed({ container, path, policy, budget })
      : unitsByHand(container, path);
  });
}

/** A container that an earlier mutation served, and where it stands. */
interface ServedContainer {
  readonly container: ContainerLike;
  readonly path: FieldPath;
  readonly policy: Policy;
  readonly budget: TextBudget;
}

function checkServed({ container, path, policy, budget }: ServedContainer): readonly FieldError[] {
  const { request, flags, variables, errors } = checkServedRequest(container, policy.memoryFlagUnit, path);
  if (errors.length > 0) return errors;
  const units = checkServedUnits(container, request, policy.totalGpuMemory, path);
  const use = readClientUse(container, budget);
  const limit = runLimit(container, request, flags, variables, policy);
  const run = checkRuns(container, use, limit, path, budget);
  return [...units, ...run.errors];
}

function isMirrorPod(pod: unknown): boolean {
  const annotations = asJsonObject(asJsonObject(asJsonObject(pod)?.['metadata'])?.['annotations']);
  return annotations?.[mirrorAnnotation] !== undefined;
}
