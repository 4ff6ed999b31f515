import { Option, type Command } from 'commander';

import type { PolicyOptions } from '../policy-options.ts';

/** The options of every command that reads manifests. */
export interface ManifestOptions extends PolicyOptions {
  /** At least one; `-` is standard input. */
  readonly filename: readonly string[];
}

/** Adds `ManifestOptions` to a command. */
export function withManifestOptions(command: Command): Command {
  return withPolicyOptions(
    command.requiredOption(
      '-f, --filename <file>',
      'manifests in YAML or JSON; - is standard input; may be given several times',
      (file: string, files: readonly string[] | undefined) => [...(files ?? []), file],
    ),
  );
}

/** Adds `PolicyOptions` to a command. */
export function withPolicyOptions(command: Command): Command {
  return command
    .option(
      '--total-memory <memory>',
      'memory of one GPU, a number of MB (16000) or a quantity (16G); default: TOTAL_GPU_MEMORY of the environment, then totalGpuMemory of --config',
    )
    .addOption(new Option('--config <file>', "the webhook's policy in YAML or JSON").conflicts('fromCluster'))
    .addOption(
      new Option(
        '--from-cluster [namespace]',
        'the policy of the webhook that is installed in this namespace (bwki, if none is given), read by kubectl',
      ).preset('bwki'),
    );
}
