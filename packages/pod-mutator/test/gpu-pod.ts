import type { ContainerLike, PodLike, PodSpecLike } from '@bwki/spec-parser';
import { formatFieldError } from '@bwki/spec-parser';

import {
  createPolicy,
  mutatePod,
  type MutateOptions,
  type MutationOutcome,
  type Policy,
  type PolicyConfig,
} from '../src/index.ts';

/** A container that asks for half of one GPU, with what a test changes in it. */
export function gpuContainer(changes: ContainerLike = {}): ContainerLike {
  return {
    name: 'main',
    image: 'registry.example/train:1',
    command: ['python', 'train.py'],
    resources: { limits: { 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu-percent': '50' } },
    ...changes,
  };
}

/** A pod in mode `all` with these containers and whatever else belongs to its spec. */
export function podOf(
  containers: readonly ContainerLike[],
  spec: PodSpecLike = {},
  annotations: Readonly<Record<string, string>> = {},
): PodLike {
  return {
    metadata: { name: 'train', annotations: { 'auto-management/bitfusion': 'all', ...annotations } },
    spec: { containers, ...spec },
  };
}

/** A pod of one container that asks for half of one GPU. */
export function gpuPod(
  container: ContainerLike = {},
  spec: PodSpecLike = {},
  annotations: Readonly<Record<string, string>> = {},
): PodLike {
  return podOf([gpuContainer(container)], spec, annotations);
}

export const injection = { 'auto-management/bitfusion': 'injection' };

export function policyOf(config: PolicyConfig = {}): Policy {
  const policy = createPolicy({ totalGpuMemory: 16000, ...config });
  if (!policy.ok) throw new Error(JSON.stringify(policy.error));
  return policy.value;
}

/** The outcome of a mutation that has to succeed. */
export function mutated<P extends PodLike>(
  pod: P,
  policy: Policy = policyOf(),
  options?: MutateOptions,
): MutationOutcome<P> {
  const outcome = mutatePod(pod, policy, options);
  if (!outcome.ok) throw new Error(outcome.error.map(formatFieldError).join('\n'));
  return outcome.value;
}

/** The container of a mutated pod. */
export function mutatedContainer(pod: PodLike, policy?: Policy, options?: MutateOptions): ContainerLike {
  const container = mutated(pod, policy, options).mutatedPod().spec?.containers?.[0];
  if (container === undefined) throw new Error('the pod has no container');
  return container;
}

/** `code field` of every fault; empty where the mutation succeeds. */
export function faultsOf(
  pod: PodLike,
  policy: Policy = policyOf(),
  options?: MutateOptions,
): readonly string[] {
  const outcome = mutatePod(pod, policy, options);
  return outcome.ok ? [] : outcome.error.map(({ code, field }) => `${code} ${field}`);
}
