import { describeQuotaError, parseTotalGpuMemory } from '@bwki/quota-calc';
import { defaultCatalog, formatFieldError, formatWarning, parsePod } from '../src/index.ts';

const totalMemory = parseTotalGpuMemory('16000'); // MB of one GPU of the pool
if (!totalMemory.ok) throw new Error(describeQuotaError(totalMemory.error));

const pod = {
  metadata: { annotations: { 'auto-management/bitfusion': 'all', 'bitfusion-client/os': 'ubuntu18' } },
  spec: {
    securityContext: { runAsUser: 1000 },
    containers: [
      {
        name: 'train',
        resources: { limits: { 'bitfusion.io/gpu-amount': '2', 'bitfusion.io/gpu-memory': '4000M' } },
      },
      { name: 'serve', resources: { limits: { 'bitfusion.io/gpu-percent': '50' } } },
    ],
  },
};

const { request, errors, warnings } = parsePod(pod, {
  catalog: defaultCatalog,
  totalMemory: totalMemory.value,
});

export const report: string[] = [
  ...(request?.containers ?? []).map(({ ref, units }) => `${ref.name}: ${units} units`),
  `client: ${request?.client.os} ${request?.client.version}`,
  ...errors.map((error) => `error: ${formatFieldError(error)}`),
  ...warnings.map((warning) => `warning: ${formatWarning(warning)}`),
];
