import { createPolicy, type Policy } from '@bwki/pod-mutator';

/** The default policy, with the total memory of the examples. */
export function benchPolicy(): Policy {
  const policy = createPolicy({ totalGpuMemory: 16000 });
  if (!policy.ok) throw new Error(JSON.stringify(policy.error));
  return policy.value;
}
