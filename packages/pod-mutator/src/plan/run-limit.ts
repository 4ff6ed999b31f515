import type { ClientCall, ClientUse, RunFlags, Word } from '@bwki/bitfusion-cli-wrap';
import { Quantity, type GpuRequest } from '@bwki/quota-calc';
import type { ContainerLike, FieldError, FieldPath, Warning } from '@bwki/spec-parser';

import { memoryFlagBytes, type GpuFlags, type MemoryFlagUnit } from './gpu-flags.ts';
import type { EnvVar } from '../kubernetes-objects.ts';
import { launcherPath } from '../layout.ts';
import type { Policy } from '../policy/policy.ts';

export interface RunLimit {
  /** What the resources ask for; undefined for a container that asks for nothing (B4a). */
  readonly request: GpuRequest | undefined;
  /** The flag that `request` gives for its memory, if it asks for memory. */
  readonly memoryFlag: string | undefined;
  readonly memoryFlagUnit: MemoryFlagUnit;
  readonly totalMemory: Quantity | undefined;
  /** The value of a variable that the mutation sets (B35). */
  readonly variable: (name: string) => string | undefined;
  /** The call is written as the mutation writes it, so that it has to be what the mutation would write (B53). */
  readonly isOurs: boolean;
}

/** The limit of one container, from its request and the variables that it gets. */
export function runLimit(
  container: ContainerLike,
  request: GpuRequest | undefined,
  flags: GpuFlags | undefined,
  variables: readonly EnvVar[],
  policy: Pick<Policy, 'memoryFlagUnit' | 'totalGpuMemory'>,
): RunLimit {
  return {
    request,
    isOurs: container.command?.[0] === launcherPath,
    memoryFlag: flags?.memory,
    memoryFlagUnit: policy.memoryFlagUnit,
    totalMemory: policy.totalGpuMemory,
    variable: (name) => variables.find((variable) => variable.name === name)?.value,
  };
}

export interface RunCheck {
  readonly errors: readonly FieldError[];
  readonly warnings: readonly Warning[];
}

/** The size of one `bitfusion run`: so much of each of some GPUs. Fractions are in 10^-9 of a GPU. */
type Take =
  | { readonly amount: bigint; readonly fraction: bigint }
  | { readonly amount: bigint; readonly bytes: bigint };

const whole = 1_000_000_000n;

/**
 * B33: no call of the client may take more than the container's resources say; one that can't be read is warned of.
 * A call by the path of our launcher is taken for our own wrap, which takes exactly as much.
 */
export function checkClientUse(use: ClientUse, limit: RunLimit, container: FieldPath): RunCheck {
  const field = (use.where === 'args-text' ? container.child('args') : container.child('command')).toString();
  const errors: FieldError[] = [];
  const warnings: Warning[] = [];
  for (const call of use.calls) {
    const verdict = judge(call, limit);
    if (verdict.kind === 'exceeds') {
      errors.push({
        type: 'Invalid',
        code: 'MUTATION_RUN_EXCEEDS_REQUEST',
        field,
        value: verdict.taken,
        detail: `takes more GPU than the container's resources ask for (${verdict.asked}): ask for as much there, or take less here`,
      });
    } else if (verdict.kind === 'differs') {
      errors.push({
        type: 'Invalid',
        code: 'MUTATION_RUN_DIFFERS',
        field,
        value: verdict.taken,
        detail: `is not what the container's resources ask for (${verdict.asked}), as a command by the path ${launcherPath} has to be: leave the flags as the mutation wrote them, or call the client by its name`,
      });
    } else if (verdict.kind === 'unreadable') {
      warnings.push({
        code: 'MUTATION_RUN_UNREADABLE',
        field,
        message: `cannot read what this takes (${verdict.reason}): keep it within the resources`,
      });
    }
  }
  return { errors, warnings };
}

type Verdict =
  | { readonly kind: 'fits' }
  | { readonly kind: 'exceeds' | 'differs'; readonly taken: string; readonly asked: string }
  | { readonly kind: 'unreadable'; readonly reason: string };

function judge(call: ClientCall, limit: RunLimit): Verdict {
  if (call.kind === 'other') return { kind: 'fits' };
  // Whether this is a call at all is not known either.
  if (call.kind === 'unread') return { kind: 'unreadable', reason: call.reason };
  const { request } = limit;
  const takenText = call.kind === 'run' ? runText(call) : call.text;
  if (request === undefined) return { kind: 'exceeds', taken: takenText, asked: 'nothing' };
  const taken = call.kind === 'run' ? readTake(call.flags, limit) : undefined;
  const asked = askedTake(request, limit);
  if (limit.isOurs) {
    const isSame = taken !== undefined && isSameTake(taken, asked);
    return isSame ? { kind: 'fits' } : { kind: 'differs', taken: takenText, asked: askedText(request) };
  }
  if (call.kind === 'unreadable') return { kind: 'unreadable', reason: call.reason };
  if (taken === undefined) return { kind: 'unreadable', reason: takenText };
  const fits = isWithin(taken, asked, limit.totalMemory);
  if (fits === undefined) return { kind: 'unreadable', reason: 'TOTAL_GPU_MEMORY is not set' };
  return fits ? { kind: 'fits' } : { kind: 'exceeds', taken: takenText, asked: askedText(request) };
}

function isSameTake(one: Take, other: Take): boolean {
  if (one.amount !== other.amount) return false;
  return 'bytes' in one
    ? 'bytes' in other && one.bytes === other.bytes
    : 'fraction' in other && one.fraction === other.fraction;
}

function readTake(flags: RunFlags, limit: RunLimit): Take | undefined {
  const amount = readNumber(flags.amount, limit);
  if (amount?.isInteger() !== true) return undefined;
  if (flags.memory !== undefined) {
    const memory = readNumber(flags.memory, limit);
    if (memory?.isInteger() !== true) return undefined;
    return { amount: amount.value(), bytes: memoryFlagBytes(memory.value(), limit.memoryFlagUnit) };
  }
  if (flags.partial === undefined) return { amount: amount.value(), fraction: whole };
  const partial = readNumber(flags.partial, limit);
  return partial && { amount: amount.value(), fraction: partial.nano() };
}

/** The number that a word stands for: written out, or one of our own variables. */
function readNumber(word: Word | undefined, limit: RunLimit): Quantity | undefined {
  if (word === undefined || word.kind === 'unknown') return undefined;
  const text = word.kind === 'literal' ? word.text : limit.variable(word.name);
  if (text === undefined || !/^[0-9.]+$/.test(text)) return undefined;
  const parsed = Quantity.parse(text);
  return parsed.ok ? parsed.value : undefined;
}

function askedTake(request: GpuRequest, limit: RunLimit): Take {
  const { amount, share } = request;
  switch (share.kind) {
    case 'whole':
      return { amount, fraction: whole };
    case 'percent':
      return { amount, fraction: (share.percent * whole) / 100n };
    case 'memory':
      return { amount, bytes: memoryFlagBytes(BigInt(limit.memoryFlag ?? '0'), limit.memoryFlagUnit) };
  }
}

/** Whether all that is taken fits into all that was asked for; undefined where only the total memory would tell. */
function isWithin(taken: Take, asked: Take, totalMemory: Quantity | undefined): boolean | undefined {
  const sameUnit = 'bytes' in taken === 'bytes' in asked;
  if (!sameUnit && totalMemory === undefined) return undefined;
  const gpuBytes = totalMemory?.value() ?? 1n;
  const sizeOf = (take: Take): bigint =>
    take.amount * ('bytes' in take ? take.bytes * whole : take.fraction * (sameUnit ? whole : gpuBytes));
  return sizeOf(taken) <= sizeOf(asked);
}

function runText({ subcommand, flags }: Extract<ClientCall, { kind: 'run' }>): string {
  const parts: string[] = [];
  if (flags.amount !== undefined) parts.push('-n', flags.amount.text);
  if (flags.partial !== undefined) parts.push('-p', flags.partial.text);
  if (flags.memory !== undefined) parts.push('-m', flags.memory.text);
  return [`bitfusion ${subcommand}`, ...parts].join(' ');
}

function askedText({ amount, share }: GpuRequest): string {
  const gpus = `${amount.toString()} GPU${amount === 1n ? '' : 's'}`;
  switch (share.kind) {
    case 'whole':
      return gpus;
    case 'percent':
      return `${share.percent.toString()} % of ${gpus}`;
    case 'memory':
      return `${share.memory.toString()} of ${gpus}`;
  }
}
