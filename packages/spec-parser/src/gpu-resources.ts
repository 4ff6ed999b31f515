import {
  describeQuotaError,
  Quantity,
  unitsOf,
  type GpuRequest,
  type GpuShare,
  type UnitsError,
} from '@bwki/quota-calc';
import { forbidden, invalid, notSupported, required } from './field-error.ts';
import type { Findings } from './findings.ts';
import type { ResourceFields } from './resource-fields.ts';
import { asksForGpu, resources } from './resources.ts';

const oneMegabyte = Quantity.fromInteger(1_000_000n);

/** What can be asked for, under the names that are not legacy. */
const askable = [resources.amount, resources.percent, resources.memory];

const known: ReadonlySet<string> = new Set(Object.values(resources));

/** A container's request and what it takes of the quota. */
export interface CountedRequest {
  readonly gpu: GpuRequest;
  readonly units: bigint;
}

/**
 * What a container's resources ask for (B6–B13). Undefined, with every fault reported, where any of them is faulty:
 * each rule is applied by itself, so that one fault hides no other.
 */
export function readGpuResources(
  fields: ResourceFields,
  totalMemory: Quantity | undefined,
  findings: Findings,
): CountedRequest | undefined {
  const errorsBefore = findings.errors.length;
  const amount = readAmount(fields, findings);
  const share = readShare(fields, findings);
  refuseUnits(fields, findings);
  refuseUnknownNames(fields, findings);
  const units = countUnits(amount, share, fields, totalMemory, findings);
  const isFaulty = findings.errors.length > errorsBefore;
  if (isFaulty || amount === undefined || share === undefined || units === undefined) return undefined;
  return { gpu: { amount, share }, units };
}

/** B6, B11. The number of GPUs under either name; undefined where it is absent or faulty. */
function readAmount(fields: ResourceFields, findings: Findings): bigint | undefined {
  const amount = readWhole(fields, resources.amount, findings);
  const num = readWhole(fields, resources.num, findings);
  const hasAmount = fields.has(resources.amount);
  const hasNum = fields.has(resources.num);
  if (hasAmount && hasNum) {
    const detail = `may not be set beside ${resources.amount}, of which it is the old name`;
    findings.errors.push(forbidden(fields.path(resources.num), 'SPEC_AMOUNT_TWICE', detail));
  }
  const share = [resources.percent, resources.memory].find((name) => fields.has(name));
  if (!hasAmount && !hasNum && share !== undefined) {
    const detail = `must be set with ${share}, which is the share of each GPU`;
    findings.errors.push(required(fields.limitPath(resources.amount), 'SPEC_AMOUNT_REQUIRED', detail));
  }
  return hasAmount ? amount : num;
}

/** B7–B10. The whole GPU where neither share is there; undefined where one is faulty. */
function readShare(fields: ResourceFields, findings: Findings): GpuShare | undefined {
  const percent = readWhole(fields, resources.percent, findings);
  const memory = readMemory(fields, findings);
  const hasPercent = fields.has(resources.percent);
  const hasMemory = fields.has(resources.memory);
  if (hasPercent && hasMemory) {
    const detail = `may not be set beside ${resources.percent}: a share is given in one way`;
    findings.errors.push(forbidden(fields.path(resources.memory), 'SPEC_SHARE_TWICE', detail));
  }
  if (hasPercent) return percent === undefined ? undefined : { kind: 'percent', percent };
  if (hasMemory) return memory === undefined ? undefined : { kind: 'memory', memory };
  return { kind: 'whole' };
}

function readWhole(fields: ResourceFields, name: string, findings: Findings): bigint | undefined {
  const quantity = fields.read(name);
  if (quantity === undefined) return undefined;
  if (quantity.isInteger()) return quantity.value();
  const value = fields.text(name);
  findings.errors.push(invalid(fields.path(name), 'SPEC_RESOURCE_NOT_INTEGER', value, 'must be an integer'));
  return undefined;
}

/** B8. What looks like a forgotten suffix is allowed, with a warning. */
function readMemory(fields: ResourceFields, findings: Findings): Quantity | undefined {
  const memory = fields.read(resources.memory);
  if (memory !== undefined && memory.sign() > 0 && memory.compare(oneMegabyte) < 0) {
    findings.warnings.push({
      code: 'SPEC_MEMORY_BELOW_1MB',
      field: fields.path(resources.memory).toString(),
      message: `${resources.memory} of ${memory.toString()} is below 1 MB: without a suffix (8000M) it counts bytes`,
    });
  }
  return memory;
}

/** B13. Alone they are the validating webhook's to judge, since a mutated container has them. */
function refuseUnits(fields: ResourceFields, findings: Findings): void {
  if (!fields.has(resources.units)) return;
  const detail = `is set by the webhook, reckoned from the other resources of ${resources.units}-*; remove it`;
  findings.errors.push(forbidden(fields.path(resources.units), 'SPEC_UNITS_FORBIDDEN', detail));
}

/**
 * An error and no warning: `gpu-precent: 50` beside an amount would take whole GPUs where half of each was meant,
 * and the pod could not start, since no node offers a resource of that name.
 */
function refuseUnknownNames(fields: ResourceFields, findings: Findings): void {
  for (const name of fields.names()) {
    if (!asksForGpu(name) || known.has(name)) continue;
    findings.errors.push(notSupported(fields.path(name), 'SPEC_RESOURCE_UNKNOWN', name, askable));
  }
}

/** The units of a request; undefined where a part of it is missing or, with errors, out of its range. */
function countUnits(
  amount: bigint | undefined,
  share: GpuShare | undefined,
  fields: ResourceFields,
  totalMemory: Quantity | undefined,
  findings: Findings,
): bigint | undefined {
  if (amount !== undefined && share !== undefined) {
    const counted = unitsOf({ amount, share }, totalMemory);
    if (counted.ok) return counted.value;
  }
  const amountName = fields.has(resources.amount) ? resources.amount : resources.num;
  // The smallest share and the smallest amount are right with any right counterpart, so each part shows its own fault.
  const amountFault =
    amount === undefined ? undefined : faultOf({ amount, share: smallestShare }, totalMemory);
  const shareFault = share === undefined ? undefined : faultOf({ amount: 1n, share }, totalMemory);
  if (amountFault !== undefined) reportUnits(amountFault, amountName, fields, findings);
  if (shareFault !== undefined) {
    const name = fields.has(resources.percent) ? resources.percent : resources.memory;
    reportUnits(shareFault, name, fields, findings);
  }
  if (amount !== undefined && share !== undefined && amountFault === undefined && shareFault === undefined) {
    const fault = faultOf({ amount, share }, totalMemory);
    if (fault !== undefined) reportUnits(fault, amountName, fields, findings);
  }
  return undefined;
}

const smallestShare: GpuShare = { kind: 'percent', percent: 1n };

function faultOf(request: GpuRequest, totalMemory: Quantity | undefined): UnitsError | undefined {
  const counted = unitsOf(request, totalMemory);
  return counted.ok ? undefined : counted.error;
}

function reportUnits(fault: UnitsError, name: string, fields: ResourceFields, findings: Findings): void {
  const path = fields.path(name);
  const detail = describeQuotaError(fault);
  findings.errors.push(
    // Nothing is wrong with the value where the setting is missing.
    fault.code === 'QUOTA_TOTAL_MEMORY_UNSET' || fault.code === 'QUOTA_TOTAL_MEMORY_INVALID'
      ? forbidden(path, fault.code, detail)
      : invalid(path, fault.code, fields.text(name), detail),
  );
}
