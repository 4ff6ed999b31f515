import {
  describeQuotaError,
  unitsOf,
  type GpuRequest,
  type GpuShare,
  type Quantity,
  type UnitsError,
} from '@bwki/quota-calc';
import { forbidden, invalid, type FieldError } from '../findings/field-error.ts';
import type { Findings } from '../findings/findings.ts';
import type { ContainerResources } from './container-resources.ts';
import { resources } from './resources.ts';

/** What stands under each name; undefined where nothing does, or nothing that can be read. */
export interface GpuResourceValues {
  readonly amount: bigint | undefined;
  readonly num: bigint | undefined;
  readonly percent: bigint | undefined;
  readonly memory: Quantity | undefined;
}

/** In range with any amount. */
const smallestShare: GpuShare = { kind: 'percent', percent: 1n };

/**
 * Says of each value by itself whether its range is wrong, by counting it with the smallest counterpart, and only
 * then whether they are too many units together.
 *
 * @param request what the values come to; undefined where it cannot be said
 */
export function reportUnitsFaults(
  values: GpuResourceValues,
  request: GpuRequest | undefined,
  fields: ContainerResources,
  totalMemory: Quantity | undefined,
  findings: Findings,
): void {
  const report = (name: string, counted: GpuRequest): boolean => {
    const units = unitsOf(counted, totalMemory);
    if (units.ok) return false;
    findings.errors.push(unitsFault(units.error, name, fields));
    return true;
  };
  const { amount, num, percent, memory } = values;
  const areFaulty = [
    amount !== undefined && report(resources.amount, { amount, share: smallestShare }),
    num !== undefined && report(resources.num, { amount: num, share: smallestShare }),
    percent !== undefined && report(resources.percent, { amount: 1n, share: { kind: 'percent', percent } }),
    memory !== undefined && report(resources.memory, { amount: 1n, share: { kind: 'memory', memory } }),
  ];
  if (request === undefined || areFaulty.includes(true)) return;
  report(amount === undefined ? resources.num : resources.amount, request);
}

function unitsFault(fault: UnitsError, name: string, fields: ContainerResources): FieldError {
  const path = fields.pathOf(name);
  const detail = describeQuotaError(fault);
  // Without the setting nothing is wrong with the value; it is what may not be asked for.
  const isSetting = fault.code === 'QUOTA_TOTAL_MEMORY_UNSET' || fault.code === 'QUOTA_TOTAL_MEMORY_INVALID';
  return isSetting
    ? forbidden(path, fault.code, detail)
    : invalid(path, fault.code, fields.text(name), detail);
}
