import { annotations } from './annotations/annotations.ts';
import { formatFault } from './findings/field-error.ts';
import type { FieldPath } from './findings/field-path.ts';
import type { Findings } from './findings/findings.ts';
import type { ParsedPod } from './pod/request.ts';

/**
 * A pod that asks for GPUs in mode `none` (B16): not ours to refuse or to change, so that all that was found is
 * said in warnings.
 *
 * @param asking the path of the first container that asks
 */
export function notManaged(asking: FieldPath, findings: Findings): ParsedPod {
  const unserved = {
    code: 'SPEC_NOT_MANAGED',
    field: asking.child('resources').toString(),
    message: `nothing serves these GPUs: set ${annotations.mode} to "all" or "injection"`,
  };
  const faults = findings.errors.map((error) => ({
    code: error.code,
    field: error.field,
    message: formatFault(error),
  }));
  return { request: undefined, errors: [], warnings: [unserved, ...faults, ...findings.warnings] };
}
