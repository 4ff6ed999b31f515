import type { GpuRequest } from '@bwki/quota-calc';
import type { EnvVarLike, FieldError, FieldPath } from '@bwki/spec-parser';

import type { GpuFlags } from './gpu-flags.ts';
import type { EnvVar } from '../kubernetes-objects.ts';
import type { EnvChange } from './plan.ts';

/** Names of the variables that a GPU container gets (B35, B3). */
export const gpuVariables = {
  amount: 'BITFUSION_GPU_AMOUNT',
  partial: 'BITFUSION_GPU_PARTIAL',
  memory: 'BITFUSION_GPU_MEMORY',
  memoryFlag: 'BITFUSION_GPU_MEMORY_FLAG',
  filters: 'BITFUSION_FILTERS',
} as const;

/** What all of them begin with. */
const ownPrefix = 'BITFUSION_';

/** Those that say what was asked for. */
export const requestVariables: readonly string[] = [
  gpuVariables.amount,
  gpuVariables.partial,
  gpuVariables.memory,
  gpuVariables.memoryFlag,
];

/**
 * The variables of B35: what was asked, for scripts that call the client themselves, and exact enough that the
 * units can be reckoned again from them (B53). Memory is in bytes; what `-m` takes stands beside it.
 */
export function gpuEnv(request: GpuRequest, flags: GpuFlags): readonly EnvVar[] {
  const amount: EnvVar = { name: gpuVariables.amount, value: flags.amount };
  if (request.share.kind !== 'memory' || flags.memory === undefined) {
    return [amount, { name: gpuVariables.partial, value: flags.partial ?? '1' }];
  }
  return [
    amount,
    { name: gpuVariables.memory, value: request.share.memory.value().toString() },
    { name: gpuVariables.memoryFlag, value: flags.memory },
  ];
}

export interface EnvPlan {
  readonly changes: readonly EnvChange[];
  readonly errors: readonly FieldError[];
}

/**
 * Adds variables; one that has the value already is left, any other of that name is an error (B42). So is one that
 * would speak of another share of the GPU than the request: what reads the variables could not tell which holds.
 */
export function planEnv(present: readonly EnvVarLike[], wanted: readonly EnvVar[], path: FieldPath): EnvPlan {
  if (wanted.length === 0) return { changes: [], errors: [] };
  let missing = wanted;
  const errors: FieldError[] = [];
  for (const [index, variable] of present.entries()) {
    const { name = '' } = variable;
    if (!name.startsWith(ownPrefix)) continue;
    const ours = wanted.find((wish) => wish.name === name);
    if (ours === undefined && !requestVariables.includes(name)) continue;
    if (ours !== undefined) missing = missing.filter((other) => other !== ours);
    if (ours !== undefined && variable.value === ours.value && variable.valueFrom === undefined) continue;
    errors.push({
      type: 'Invalid',
      code: 'MUTATION_ENV_TAKEN',
      field: path.index(index).child('name').toString(),
      value: name,
      detail:
        ours === undefined
          ? "speaks of another share than the container's resources ask for: remove this variable"
          : `is set to ${JSON.stringify(ours.value)}, as the container's resources ask for it: remove this variable`,
    });
  }
  return { changes: missing.map((variable) => ({ kind: 'append', variable })), errors };
}
