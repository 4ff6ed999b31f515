import { readClientUse, type ClientUse, type TextBudget } from '@bwki/bitfusion-cli-wrap';
import { asJsonObject } from '@bwki/plain-data';
import type { ContainerLike, FieldPath } from '@bwki/spec-parser';

import { launcherPath } from '../layout.ts';
import { checkClientUse, type RunCheck, type RunLimit } from './run-limit.ts';

/** A command that the kubelet runs in a container beside its own. */
interface ExecCommand {
  readonly command: readonly string[];
  /** Where its `exec` stands. */
  readonly path: FieldPath;
}

const hooks: readonly (readonly string[])[] = [
  ['lifecycle', 'postStart'],
  ['lifecycle', 'preStop'],
  ['startupProbe'],
  ['livenessProbe'],
  ['readinessProbe'],
];

/** B79: the commands of a container's hooks and probes. What is no list of words is not run either. */
function execCommands(container: ContainerLike, path: FieldPath): readonly ExecCommand[] {
  return hooks.flatMap((fields) => {
    const names = [...fields, 'exec'];
    const exec = names.reduce<unknown>((value, name) => asJsonObject(value)?.[name], container);
    const command = asJsonObject(exec)?.['command'];
    if (!Array.isArray(command) || !command.every((word) => typeof word === 'string')) return [];
    return [{ command, path: names.reduce((parent, name) => parent.child(name), path) }];
  });
}

/**
 * Checks everything in a container that may run the client: its own command, and those of its hooks and probes.
 *
 * @param use what its own command does
 */
export function checkRuns(
  container: ContainerLike,
  use: ClientUse | undefined,
  limit: RunLimit,
  path: FieldPath,
  budget: TextBudget,
): RunCheck {
  const checks = use === undefined ? [] : [checkClientUse(use, limit, path)];
  for (const exec of execCommands(container, path)) {
    const inner = readClientUse({ command: exec.command }, budget);
    if (inner === undefined) continue;
    const isOurs = exec.command[0] === launcherPath;
    checks.push(checkClientUse(inner, { ...limit, isOurs }, exec.path));
  }
  return {
    errors: checks.flatMap(({ errors }) => errors),
    warnings: checks.flatMap(({ warnings }) => warnings),
  };
}
