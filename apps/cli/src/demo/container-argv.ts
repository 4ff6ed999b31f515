import { isShellText, trimBlanks } from '@bwki/bitfusion-cli-wrap';
import type { ContainerLike } from '@bwki/spec-parser';

import { containerEnvironment } from './container-environment.ts';
import { expandReferences } from './kubernetes-expansion.ts';

/** What the kubelet starts for a container whose image has no ENTRYPOINT; empty where it names nothing itself. */
export function containerArgv(container: ContainerLike): readonly string[] {
  const variables = containerEnvironment(container);
  return [...(container.command ?? []), ...(container.args ?? [])].map((word) =>
    expandReferences(word, variables),
  );
}

/**
 * What a user meant a container to run. That is `containerArgv`, but for a command of one element that is text for a
 * shell (B31), which no kernel could start: there it is the shell with this text, and the `args` behind it.
 */
export function intendedArgv(container: ContainerLike, shell: readonly string[]): readonly string[] {
  const { command = [], args = [] } = container;
  if (!isShellText(command)) return containerArgv(container);
  const text = trimBlanks(command[0] ?? '');
  const line = args.length === 0 ? [text] : [`${text} "$@"`, 'sh', ...args];
  return containerArgv({ ...container, command: [...shell, ...line], args: [] });
}

/** What a person types in a container whose command is the image's own, to use what it was given (B35). */
export const typedCommand: readonly string[] = [
  'sh',
  '-c',
  'exec bitfusion run -n "$BITFUSION_GPU_AMOUNT" ' +
    '${BITFUSION_GPU_PARTIAL:+-p "$BITFUSION_GPU_PARTIAL"} ' +
    '${BITFUSION_GPU_MEMORY_FLAG:+-m "$BITFUSION_GPU_MEMORY_FLAG"} ' +
    `-- python -c 'print("a cell")'`,
];
