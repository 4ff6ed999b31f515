import { Quantity, unitsOf, type GpuRequest, type GpuShare } from '@bwki/quota-calc';
import { forbidden, invalid, notSupported, required } from '../findings/field-error.ts';
import type { Findings } from '../findings/findings.ts';
import { nearestName } from '../findings/nearest.ts';
import type { ContainerResources } from './container-resources.ts';
import { asksForGpu, resources } from './resources.ts';
import { reportUnitsFaults, type GpuResourceValues } from './units-faults.ts';

/** A container's request and what it takes of the quota. */
export interface CountedRequest {
  readonly gpu: GpuRequest;
  readonly units: bigint;
}

/** Wrong letters by which a name is still recognised. */
const nameEdits = 5;

const oneMegabyte = Quantity.fromInteger(1_000_000n);

const knownNames: ReadonlySet<string> = new Set(Object.values(resources));

/** What can be asked for, under the names that are not legacy. */
const namesToUse = [resources.amount, resources.percent, resources.memory];

/**
 * What a container's resources ask for (B6–B13). Undefined, with every fault reported, where any of them is faulty:
 * each rule is applied by itself, so that one fault hides no other.
 */
export function readGpuResources(
  fields: ContainerResources,
  totalMemory: Quantity | undefined,
  findings: Findings,
): CountedRequest | undefined {
  const errorsBefore = findings.errors.length;
  const values: GpuResourceValues = {
    amount: readWhole(fields, resources.amount, findings),
    num: readWhole(fields, resources.num, findings),
    percent: readWhole(fields, resources.percent, findings),
    memory: readMemory(fields, findings),
  };
  checkNames(fields, findings);
  const gpu = requestOf(fields, values);
  const counted = gpu === undefined ? undefined : unitsOf(gpu, totalMemory);
  if (gpu !== undefined && counted?.ok === true && findings.errors.length === errorsBefore) {
    return { gpu, units: counted.value };
  }
  reportUnitsFaults(values, gpu, fields, totalMemory, findings);
  return undefined;
}

function readWhole(fields: ContainerResources, name: string, findings: Findings): bigint | undefined {
  const quantity = fields.read(name, findings);
  if (quantity === undefined) return undefined;
  if (quantity.isInteger()) return quantity.value();
  const value = fields.text(name);
  const detail = `must be an integer${name === resources.percent ? '' : shareEdit(quantity, fields)}`;
  findings.errors.push(invalid(fields.pathOf(name), 'SPEC_RESOURCE_NOT_INTEGER', value, detail));
  return undefined;
}

/** `0.5` GPUs are half of one, which is asked for in another way. */
function shareEdit(amount: Quantity, fields: ContainerResources): string {
  const percent = amount.nano() / 10_000_000n;
  const isShare = percent >= 1n && percent < 100n && percent * 10_000_000n === amount.nano();
  if (!isShare || fields.has(resources.percent) || fields.has(resources.memory)) return '';
  return `; for ${percent} % of one GPU set ${resources.amount} 1 and ${resources.percent} ${percent}`;
}

/** B8, B12. What looks like a forgotten suffix is allowed, with a warning. */
function readMemory(fields: ContainerResources, findings: Findings): Quantity | undefined {
  const memory = fields.read(resources.memory, findings);
  if (memory?.isInteger() === false) {
    const path = fields.pathOf(resources.memory);
    const value = fields.text(resources.memory);
    findings.errors.push(
      invalid(path, 'SPEC_RESOURCE_NOT_INTEGER', value, 'must be a whole number of bytes, such as 8000M'),
    );
    return undefined;
  }
  if (memory !== undefined && memory.sign() > 0 && memory.compare(oneMegabyte) < 0) {
    findings.warnings.push({
      code: 'SPEC_MEMORY_BELOW_1MB',
      field: fields.pathOf(resources.memory).toString(),
      message: `${resources.memory} of ${fields.text(resources.memory)} is below 1 MB: without a suffix (8000M) it counts bytes`,
    });
  }
  return memory;
}

/** Which names go together. */
function checkNames(fields: ContainerResources, findings: Findings): void {
  const hasAmount = fields.has(resources.amount);
  const hasNum = fields.has(resources.num);
  const hasPercent = fields.has(resources.percent);
  const hasMemory = fields.has(resources.memory);
  if (hasAmount && hasNum) {
    const detail = `may not be set beside ${resources.amount}, of which it is the old name`;
    findings.errors.push(forbidden(fields.pathOf(resources.num), 'SPEC_AMOUNT_TWICE', detail));
  }
  if (hasPercent && hasMemory) {
    const detail = `may not be set beside ${resources.percent}: a share is given in one way`;
    findings.errors.push(forbidden(fields.pathOf(resources.memory), 'SPEC_SHARE_TWICE', detail));
  }
  if (!hasAmount && !hasNum && (hasPercent || hasMemory)) {
    const share = hasPercent ? resources.percent : resources.memory;
    const detail = `must be set with ${share}, which is the share of each GPU`;
    findings.errors.push(required(fields.limitPath(resources.amount), 'SPEC_AMOUNT_REQUIRED', detail));
  }
  // Alone the units are the validating webhook's to judge, since a mutated container has them (B13).
  if (fields.has(resources.units)) {
    const detail = `is written by the webhook, reckoned from ${resources.units}-*; remove it`;
    findings.errors.push(forbidden(fields.pathOf(resources.units), 'SPEC_UNITS_FORBIDDEN', detail));
  }
  refuseUnknownNames(fields, findings);
}

/** Unknown names of one container that are compared with the known ones: a person misspells one or two. */
const maxCompared = 10;

/**
 * An error and no warning: `gpu-precent: 50` beside an amount would take whole GPUs where half of each was meant,
 * and the pod could not start, since no node offers a resource of that name.
 */
function refuseUnknownNames(fields: ContainerResources, findings: Findings): void {
  let compared = 0;
  for (const name of fields.names()) {
    if (!asksForGpu(name) || knownNames.has(name)) continue;
    const nearest = compared++ < maxCompared ? nearestName(name, namesToUse, nameEdits) : undefined;
    const error = notSupported(fields.pathOf(name), 'SPEC_RESOURCE_UNKNOWN', name, namesToUse);
    const { detail } = error;
    findings.errors.push(
      nearest === undefined ? error : { ...error, detail: `did you mean ${nearest}? ${detail}` },
    );
  }
}

/** What the values come to, a whole GPU without a share (B9); undefined where one of them could not be read. */
function requestOf(fields: ContainerResources, values: GpuResourceValues): GpuRequest | undefined {
  const amount = fields.has(resources.amount) ? values.amount : values.num;
  const share = shareOf(fields, values);
  return amount === undefined || share === undefined ? undefined : { amount, share };
}

function shareOf(fields: ContainerResources, { percent, memory }: GpuResourceValues): GpuShare | undefined {
  if (fields.has(resources.percent)) return percent === undefined ? undefined : { kind: 'percent', percent };
  if (fields.has(resources.memory)) return memory === undefined ? undefined : { kind: 'memory', memory };
  return { kind: 'whole' };
}
