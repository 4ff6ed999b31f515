import { formatFieldError, formatWarning } from '@bwki/spec-parser';

import { createPolicy, mutatePod } from '../src/index.ts';

const policy = createPolicy({ totalGpuMemory: 16000 }); // MB of one GPU of the pool
if (!policy.ok) throw new Error(policy.error.map(({ field, detail }) => `${field}: ${detail}`).join('\n'));

const pod = {
  metadata: { name: 'train', annotations: { 'auto-management/bitfusion': 'all' } },
  spec: {
    containers: [
      {
        name: 'train',
        image: 'registry.example/train:1',
        command: ['python', 'train.py'],
        resources: { limits: { 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu-percent': '50' } },
      },
    ],
  },
};

const mutation = mutatePod(pod, policy.value);
export const report: string[] = [];
if (mutation.ok) {
  const { patch, mutatedPod, units, warnings } = mutation.value;
  report.push(`${units} units, ${patch.length} operations`, ...warnings.map(formatWarning));
  report.push(mutatedPod().spec.containers[0]?.command.join(' ') ?? '');
} else report.push(...mutation.error.map(formatFieldError));
