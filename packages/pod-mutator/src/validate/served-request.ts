import { Quantity, type GpuRequest } from '@bwki/quota-calc';
import type { ContainerLike, EnvVarLike, FieldError, FieldPath } from '@bwki/spec-parser';

import { gpuEnv, gpuVariables, requestVariables } from '../plan/env-plan.ts';
import { gpuFlags, type GpuFlags, type MemoryFlagUnit } from '../plan/gpu-flags.ts';
import type { EnvVar } from '../kubernetes-objects.ts';

/** What a mutated container was given. */
export interface ServedRequest {
  /** Undefined for a container that was only named (B4a): it has no variables. */
  readonly request: GpuRequest | undefined;
  readonly flags: GpuFlags | undefined;
  readonly variables: readonly EnvVar[];
  /** Variables that are missing, or not as a mutation sets them. */
  readonly errors: readonly FieldError[];
}

/**
 * The GPU request of a mutated container, read back from the variables that the mutation gave it (B35). They say it
 * exactly, which the flags of the client cannot: `-m` is rounded up to whole MiB. Of several variables of one name
 * the last counts, as in Kubernetes.
 */
export function checkServedRequest(
  container: ContainerLike,
  memoryFlagUnit: MemoryFlagUnit,
  path: FieldPath,
): ServedRequest {
  const present = new Map<string, PresentVariable>();
  for (const [index, variable] of (container.env ?? []).entries()) {
    const name = variable.name ?? '';
    if (requestVariables.includes(name)) present.set(name, { index, variable });
  }
  const nothing = { request: undefined, flags: undefined, variables: [] };
  if (present.size === 0) return { ...nothing, errors: [] };
  const envPath = path.child('env');
  const request = readRequest(present);
  if (typeof request === 'string') {
    return { ...nothing, errors: [variableError(request, undefined, present.get(request), envPath)] };
  }
  const flags = gpuFlags(request, memoryFlagUnit);
  const variables = gpuEnv(request, flags);
  const errors = requestVariables.flatMap((name) => {
    const wanted = variables.find((variable) => variable.name === name)?.value;
    const found = present.get(name);
    return literalValue(found) === wanted && (found === undefined) === (wanted === undefined)
      ? []
      : [variableError(name, wanted, found, envPath)];
  });
  return { request, flags, variables, errors };
}

interface PresentVariable {
  readonly index: number;
  readonly variable: EnvVarLike;
}

/** The request, or the name of the variable that does not say its part of it. */
function readRequest(present: ReadonlyMap<string, PresentVariable>): GpuRequest | string {
  const amount = readInteger(present.get(gpuVariables.amount));
  if (amount === undefined) return gpuVariables.amount;
  if (present.has(gpuVariables.memory)) {
    const memory = readInteger(present.get(gpuVariables.memory));
    if (memory === undefined) return gpuVariables.memory;
    return { amount, share: { kind: 'memory', memory: Quantity.fromInteger(memory) } };
  }
  const percent = readPercent(present.get(gpuVariables.partial));
  return percent === undefined ? gpuVariables.partial : { amount, share: { kind: 'percent', percent } };
}

/** Up to 2^63-1 has 19 digits; a request of 0 is none. */
function readInteger(found: PresentVariable | undefined): bigint | undefined {
  const text = literalValue(found);
  return text !== undefined && /^[1-9][0-9]{0,18}$/.test(text) ? BigInt(text) : undefined;
}

function readPercent(found: PresentVariable | undefined): bigint | undefined {
  const text = literalValue(found) ?? '';
  if (text === '1') return 100n;
  return /^0\.([0-9]?[1-9])$/.test(text) ? BigInt(text.slice(2).padEnd(2, '0')) : undefined;
}

/** Undefined for a value that comes from elsewhere, too. */
function literalValue(found: PresentVariable | undefined): string | undefined {
  return found?.variable.valueFrom === undefined ? found?.variable.value : undefined;
}

function variableError(
  name: string,
  wanted: string | undefined,
  found: PresentVariable | undefined,
  env: FieldPath,
): FieldError {
  const should = wanted === undefined ? 'is not as the mutation set it' : `must be ${JSON.stringify(wanted)}`;
  const detail = `${name} ${should}, since the units are reckoned from it: leave it as it was, or create the pod from its original manifest`;
  const code = 'VALIDATION_VARIABLE_DIFFERS';
  if (found === undefined) return { type: 'Required', code, field: env.toString(), detail };
  const field = env.index(found.index).child('value').toString();
  return { type: 'Invalid', code, field, value: found.variable.value, detail };
}
