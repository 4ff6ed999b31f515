import { annotations } from './annotations/annotations.ts';
import { formatFault } from './findings/field-error.ts';
import type { Findings } from './findings/findings.ts';
import type { Warning } from './findings/warning.ts';
import type { PodReading } from './pod/read-pod.ts';
import type { ParsedPod } from './pod/request.ts';

/** A pod that asks for GPUs in mode `none`: it is neither refused nor changed, so errors become warnings. */
export function notManaged(reading: PodReading, findings: Findings): ParsedPod {
  const asking = reading.containers.find(({ resources }) => resources.asksForGpu);
  const unserved: Warning = {
    code: 'SPEC_NOT_MANAGED',
    field: (asking?.resources ?? reading.podResources).path.toString(),
    message: `nothing serves these GPUs: set ${annotations.mode} to "all" or "injection"`,
  };
  const faults = findings.errors.map((error) => ({
    code: error.code,
    field: error.field,
    message: formatFault(error),
  }));
  return {
    request: undefined,
    errors: [],
    warnings: [unserved, ...faults, ...findings.warnings],
    reading,
  };
}
