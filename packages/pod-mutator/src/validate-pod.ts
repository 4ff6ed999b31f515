import { readClientUse, readRunArgv, type RunFlags } from '@bwki/bitfusion-cli-wrap';
import { describeQuotaError, Quantity, unitsOf, type GpuRequest } from '@bwki/quota-calc';
import {
  annotations,
  FieldPath,
  resources as resourceNames,
  type ContainerLike,
  type FieldError,
  type PodLike,
  type Warning,
} from '@bwki/spec-parser';

import { gpuEnv } from './env-plan.ts';
import { isEquipped, podContainers } from './equipped.ts';
import { gpuFlags, type GpuFlags } from './gpu-flags.ts';
import { launcherPath } from './layout.ts';
import { mutatePod, type MutateOptions } from './mutate-pod.ts';
import type { Policy } from './policy.ts';
import { checkClientUse, runLimit } from './run-limit.ts';
import { servedRequest } from './served-request.ts';

export interface PodVerdict {
  /** Empty for a pod that may run. */
  readonly errors: readonly FieldError[];
  readonly warnings: readonly Warning[];
}

/**
 * Judges a pod, mutated or not: every fault that `mutatePod` finds, units that were set by hand (B13), and units
 * that are not those of the container's own request (B53). It needs no cluster; whether some node offers the
 * resource is for who has one to ask.
 */
export function validatePod(pod: PodLike, policy: Policy, options: MutateOptions = {}): PodVerdict {
  const mutation = mutatePod(pod, policy, options);
  const errors = mutation.ok ? [] : [...mutation.error];
  const warnings = mutation.ok ? [...mutation.value.warnings] : [];
  for (const { ref, container } of podContainers(pod.spec ?? {})) {
    const path = FieldPath.root('spec').child(ref.list).index(ref.index);
    for (const fault of unitsFaults(container, policy, path)) {
      if (!errors.some(({ field }) => field === fault.field)) errors.push(fault);
    }
  }
  return { errors, warnings };
}

function unitsFaults(container: ContainerLike, policy: Policy, path: FieldPath): readonly FieldError[] {
  const lists = (['limits', 'requests'] as const).flatMap((list) => {
    const value = container.resources?.[list]?.[resourceNames.units];
    return value === undefined
      ? []
      : [{ value, path: path.child('resources').child(list).key(resourceNames.units) }];
  });
  const [first] = lists;
  if (first === undefined) return [];
  if (!isEquipped(container)) return [byHand(first.path, first.value)];
  const request = servedRequest(container);
  if (!request.ok) return [variableMissing(path, request.error)];
  const units = unitsOf(request.value, policy.totalGpuMemory);
  if (!units.ok) return [unitsDiffer(first.path, first.value, describeQuotaError(units.error))];
  const wrong = lists.filter(({ value }) => !isInteger(value, units.value));
  return [
    ...wrong.map((list) =>
      unitsDiffer(list.path, list.value, `must be ${units.value}, which its request comes to`),
    ),
    ...runFaults(container, request.value, policy, path),
  ];
}

/** The wrap of ours says exactly what the variables say; a call of the user's own takes no more (B33). */
function runFaults(
  container: ContainerLike,
  request: GpuRequest,
  policy: Policy,
  path: FieldPath,
): readonly FieldError[] {
  const flags = gpuFlags(request, policy.memoryFlagUnit);
  const command = container.command ?? [];
  if (command[0] === launcherPath) {
    const call = readRunArgv(command);
    return call?.kind === 'run' && !isOfRequest(call.flags, flags) ? [runDiffers(path, command, flags)] : [];
  }
  const use = readClientUse(container);
  if (use === undefined) return [];
  return checkClientUse(use, runLimit(request, flags, gpuEnv(request, flags), policy), path).errors;
}

/** A whole GPU is written without `-p`, or as `-p 1` where a user said 100 % (B9). */
function isOfRequest(written: RunFlags, flags: GpuFlags): boolean {
  const isPartial = (written.partial?.text ?? '1') === (flags.partial ?? '1');
  return (
    written.amount?.text === flags.amount &&
    written.memory?.text === flags.memory &&
    (flags.memory === undefined ? isPartial : written.partial === undefined)
  );
}

function isInteger(value: unknown, units: bigint): boolean {
  const parsed = Quantity.fromJson(value);
  return parsed.ok && parsed.value.isInteger() && parsed.value.value() === units;
}

function byHand(path: FieldPath, value: unknown): FieldError {
  return {
    type: 'Forbidden',
    code: 'VALIDATION_UNITS_BY_HAND',
    field: path.toString(),
    value,
    detail: `is reckoned from ${resourceNames.amount} with ${resourceNames.percent} or ${resourceNames.memory}: ask for those, and annotate the pod with ${annotations.mode}: all or injection`,
  };
}

function unitsDiffer(path: FieldPath, value: unknown, detail: string): FieldError {
  return { type: 'Invalid', code: 'VALIDATION_UNITS_DIFFER', field: path.toString(), value, detail };
}

function variableMissing(path: FieldPath, name: string): FieldError {
  return {
    type: 'Invalid',
    code: 'VALIDATION_UNITS_DIFFER',
    field: path.child('env').toString(),
    value: name,
    detail:
      'is not as the mutation set it, so the units cannot be checked: leave this variable as it was, or create the pod from its original manifest',
  };
}

function runDiffers(path: FieldPath, command: readonly string[], flags: GpuFlags): FieldError {
  const share = flags.memory === undefined ? `-p ${flags.partial ?? '1'}` : `-m ${flags.memory}`;
  return {
    type: 'Invalid',
    code: 'VALIDATION_RUN_DIFFERS',
    field: path.child('command').toString(),
    value: command,
    detail: `does not run the client with what the container was given (-n ${flags.amount} ${share}): leave it as the mutation wrote it`,
  };
}
