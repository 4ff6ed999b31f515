import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { runArgv } from '@bwki/bitfusion-cli-wrap';
import { Option } from 'commander';

import { exitCodes, type ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { systemCode } from '../system-code.ts';
import type { AddCommand } from './add-command.ts';
import { partOfOne, wholeNumber } from './option-values.ts';
import { reportFaults } from './report.ts';

export interface KernelOptions {
  /** GPUs. */
  readonly amount?: string | undefined;
  /** At most one of both; neither: as the environment says, else whole GPUs. */
  readonly partial?: string | undefined;
  /** MiB of each GPU. */
  readonly memory?: string | undefined;
  readonly binary: string;
  readonly python: string;
  readonly displayName: string;
  /** A directory of kernelspecs, in which `bitfusion/kernel.json` is written; printed where it is absent. */
  readonly install?: string | undefined;
}

/** `bwki kernel`: a Jupyter kernelspec that runs every cell of a notebook under `bitfusion run`. */
export async function kernel(options: KernelOptions, io: Io): Promise<ExitCode> {
  const text = `${JSON.stringify(kernelspec(options, io.env), null, 2)}\n`;
  if (options.install === undefined) {
    io.stdout.write(text);
    return exitCodes.success;
  }
  const path = join(options.install, 'bitfusion', 'kernel.json');
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } catch (error) {
    reportFaults(
      [{ code: 'USAGE', message: `--install: ${path} cannot be written: ${systemCode(error)}` }],
      io,
    );
    return exitCodes.badUsage;
  }
  io.stdout.write(`${path}\n`);
  return exitCodes.success;
}

/** In a container that was given a share, its own variables (B35) say how much. */
function kernelspec(options: KernelOptions, env: Io['env']): unknown {
  const given = options.partial !== undefined || options.memory !== undefined;
  const partial = given ? options.partial : env['BITFUSION_GPU_PARTIAL'];
  const memory = given ? options.memory : env['BITFUSION_GPU_MEMORY_FLAG'];
  return {
    argv: runArgv({
      binary: options.binary,
      amount: options.amount ?? env['BITFUSION_GPU_AMOUNT'] ?? '1',
      ...(partial !== undefined && { partial }),
      ...(memory !== undefined && { memory }),
      command: [options.python, '-m', 'ipykernel_launcher', '-f', '{connection_file}'],
    }),
    display_name: options.displayName,
    language: 'python',
    // Jupyter ends a kernel by a signal, which `bitfusion run` hands on.
    interrupt_mode: 'signal',
  };
}

export const kernelCommand: AddCommand = (program, io, end) => {
  program
    .command('kernel')
    .description('Print or install a Jupyter kernel whose cells run under bitfusion run.')
    .option('--amount <number>', 'GPUs; default: BITFUSION_GPU_AMOUNT, else 1', wholeNumber)
    .addOption(
      new Option('--partial <part>', 'part of each GPU, 0.5; default: BITFUSION_GPU_PARTIAL, else all')
        .argParser(partOfOne)
        .conflicts('memory'),
    )
    .option('--memory <MiB>', 'MiB of each GPU; default: BITFUSION_GPU_MEMORY_FLAG', wholeNumber)
    .option('--binary <path>', 'the client', 'bitfusion')
    .option('--python <path>', 'the Python that has ipykernel', 'python3')
    .option('--display-name <name>', 'what Jupyter shows', 'Python 3 (Bitfusion)')
    .option(
      '--install <directory>',
      'write bitfusion/kernel.json there, such as ~/.local/share/jupyter/kernels',
    )
    .addHelpText('after', examples)
    .action(async (options: KernelOptions) => {
      end(await kernel(options, io));
    });
};

const examples = `
The whole kernel holds its share of the GPU from its start to its end. In a container of mode injection the share is
what the pod asks for, and --partial or --memory are not needed.

Examples:
  bwki kernel --partial 0.5
  bwki kernel --install ~/.local/share/jupyter/kernels
`;
