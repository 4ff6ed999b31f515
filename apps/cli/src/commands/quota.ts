import { err, ok, type Result } from '@bwki/plain-data';
import {
  describeQuotaError,
  explainUnits,
  Quantity,
  unitsOf,
  type GpuShare,
  type QuotaError,
} from '@bwki/quota-calc';
import { resources } from '@bwki/spec-parser';

import { Option } from 'commander';

import { exitCodes, type ExitCode } from '../exit-code.ts';
import type { Fault } from '../fault.ts';
import type { Io } from '../io.ts';
import { readPolicy, type PolicyOptions } from '../policy-options.ts';
import type { AddCommand } from './add-command.ts';
import { withPolicyOptions } from './manifest-options.ts';
import { reportFaults } from './report.ts';

export interface QuotaOptions extends PolicyOptions {
  /** A quantity, as in a pod. */
  readonly amount: string;
  /** At most one of both. */
  readonly memory?: string | undefined;
  readonly percent?: string | undefined;
  readonly output: 'text' | 'json';
}

/** `bwki quota`: what a request takes of the quota, as a sum and as the line of a ResourceQuota. */
export async function quota(options: QuotaOptions, io: Io): Promise<ExitCode> {
  const policy = await readPolicy(options, io);
  if (!policy.ok) {
    reportFaults(policy.error, io);
    return exitCodes.badUsage;
  }
  const { totalGpuMemory } = policy.value.policy;
  const amount = wholeNumber('--amount', options.amount);
  const share = shareOf(options);
  if (!amount.ok || !share.ok) {
    reportFaults(
      [amount, share].flatMap((part) => (part.ok ? [] : [part.error])),
      io,
    );
    return exitCodes.badInput;
  }
  const request = { amount: amount.value, share: share.value };
  const units = unitsOf(request, totalGpuMemory);
  const sum = explainUnits(request, totalGpuMemory);
  if (!units.ok || !sum.ok) {
    if (!units.ok) reportFaults([quotaFault(faultyOption(units.error, options), units.error)], io);
    return exitCodes.badInput;
  }
  io.stdout.write(
    options.output === 'json'
      ? `${JSON.stringify({ units: String(units.value), sum: sum.value }, null, 2)}\n`
      : `${sum.value}\n${resources.units}: "${units.value}"\n`,
  );
  return exitCodes.success;
}

function shareOf({ memory, percent }: QuotaOptions): Result<GpuShare, Fault> {
  if (memory !== undefined) {
    const quantity = Quantity.parse(memory);
    if (!quantity.ok) return err(quotaFault(`--memory ${memory}`, quantity.error));
    return ok({ kind: 'memory', memory: quantity.value });
  }
  if (percent === undefined) return ok({ kind: 'whole' });
  const number = wholeNumber('--percent', percent);
  return number.ok ? ok({ kind: 'percent', percent: number.value }) : number;
}

function wholeNumber(option: string, text: string): Result<bigint, Fault> {
  const quantity = Quantity.parse(text);
  if (!quantity.ok) return err(quotaFault(`${option} ${text}`, quantity.error));
  if (quantity.value.isInteger()) return ok(quantity.value.value());
  return err({ code: 'SPEC_RESOURCE_NOT_INTEGER', message: `${option} ${text}: must be a whole number` });
}

function quotaFault(subject: string, error: QuotaError): Fault {
  return { code: error.code, message: `${subject}: ${describeQuotaError(error)}` };
}

/** The option that a fault of the whole request is about, with its value. */
function faultyOption({ code }: QuotaError, { amount, memory, percent }: QuotaOptions): string {
  if (code === 'QUOTA_AMOUNT_RANGE' || code === 'QUOTA_UNITS_OVERFLOW') return `--amount ${amount}`;
  return memory === undefined ? `--percent ${percent ?? ''}` : `--memory ${memory}`;
}

export const quotaCommand: AddCommand = (program, io, end) => {
  withPolicyOptions(
    program
      .command('quota')
      .description('Reckon what a request takes of the quota: 1 unit of bitfusion.io/gpu is 1 % of one GPU.')
      .option('--amount <number>', 'GPUs, as in bitfusion.io/gpu-amount', '1')
      .addOption(
        new Option('--memory <quantity>', 'memory of each GPU, as in bitfusion.io/gpu-memory').conflicts(
          'percent',
        ),
      )
      .option('--percent <number>', 'share of each GPU, 1 to 100, as in bitfusion.io/gpu-percent'),
  )
    .addOption(
      new Option('-o, --output <format>', 'for people or for programs')
        .choices(['text', 'json'])
        .default('text'),
    )
    .addHelpText('after', examples)
    .action(async (options: QuotaOptions) => {
      end(await quota(options, io));
    });
};

const examples = `
Examples:
  bwki quota --amount 2 --percent 50
  bwki quota --amount 2 --memory 8000M --total-memory 16000
  bwki quota --memory 8Gi --total-memory 16Gi -o json
`;
