import { err, ok, Quantity, type GpuRequest, type Result } from '@bwki/quota-calc';
import type { ContainerLike } from '@bwki/spec-parser';

import { gpuVariables } from './env-plan.ts';

/**
 * The GPU request of a mutated container, read back from the variables that the mutation gave it (B35). They say it
 * exactly, which the flags of the client cannot: `-m` is rounded up to whole MiB.
 *
 * @returns the name of the variable at fault, where one is missing or is not what a mutation writes
 */
export function servedRequest(container: ContainerLike): Result<GpuRequest, string> {
  const amount = readInteger(container, gpuVariables.amount);
  if (amount === undefined || amount < 1n) return err(gpuVariables.amount);
  const memory = readInteger(container, gpuVariables.memory);
  if (memory !== undefined) {
    return memory < 1n
      ? err(gpuVariables.memory)
      : ok({ amount, share: { kind: 'memory', memory: Quantity.fromInteger(memory) } });
  }
  const percent = readPercent(container);
  if (percent === undefined) return err(gpuVariables.partial);
  return ok({ amount, share: { kind: 'percent', percent } });
}

function readInteger(container: ContainerLike, name: string): bigint | undefined {
  const text = literalValue(container, name);
  return text !== undefined && /^[0-9]{1,19}$/.test(text) ? BigInt(text) : undefined;
}

function readPercent(container: ContainerLike): bigint | undefined {
  const text = literalValue(container, gpuVariables.partial);
  if (text === '1') return 100n;
  const digits = text !== undefined && /^0\.[0-9]{1,2}$/.test(text) ? text.slice(2).padEnd(2, '0') : '0';
  const percent = BigInt(digits);
  return percent > 0n ? percent : undefined;
}

/** The last one counts, as in Kubernetes; a value from elsewhere is not known. */
function literalValue(container: ContainerLike, name: string): string | undefined {
  return container.env?.findLast((variable) => variable.name === name)?.value;
}
