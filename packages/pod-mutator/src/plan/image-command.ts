import { readClientUse } from '@bwki/bitfusion-cli-wrap';
import type { ContainerLike, FieldError } from '@bwki/spec-parser';

import type { CommandContext, PlannedCommand } from './planned-command.ts';

/**
 * B34: the command of a container that names none is its image's ENTRYPOINT, followed by its own args or, without
 * any, by the image's CMD.
 */
export function imageCommand(container: ContainerLike, context: CommandContext): PlannedCommand {
  const image = container.image ?? '';
  const config = context.imageConfigs?.get(image);
  if (config === undefined)
    return failed(commandMissing(container, context, 'its image cannot be looked into'));
  if (!config.ok) return failed(commandMissing(container, context, config.error.detail));
  const { entrypoint, cmd } = config.value;
  const ownArgs = container.args ?? [];
  const hasArgs = ownArgs.length > 0;
  if (entrypoint.length + (hasArgs ? ownArgs : cmd).length === 0)
    return failed(commandEmpty(container, context));
  const command = entrypoint.map(escapeReferences);
  const imageArgs = cmd.map(escapeReferences);
  const clientUse = readClientUse({ command, args: hasArgs ? ownArgs : imageArgs }, context.budget);
  if (clientUse !== undefined) return { plan: undefined, clientUse, errors: [] };
  return {
    plan: {
      kind: 'set',
      command: [...context.wrapper, ...command],
      args: hasArgs || imageArgs.length === 0 ? undefined : imageArgs,
    },
    clientUse: undefined,
    errors: [],
  };
}

/**
 * Kubernetes expands `$(NAME)` in a pod's command and args, and makes `$$` one `$`, but does neither to what comes
 * from the image; here the image's words become the pod's.
 */
function escapeReferences(word: string): string {
  return word.replaceAll('$', '$$$$');
}

function failed(error: FieldError): PlannedCommand {
  return { plan: undefined, clientUse: undefined, errors: [error] };
}

function commandMissing(container: ContainerLike, { path }: CommandContext, why: string): FieldError {
  return {
    type: 'Required',
    code: 'MUTATION_COMMAND_MISSING',
    field: path.child('command').toString(),
    detail: `container ${JSON.stringify(container.name)} names no command to run on the GPU (${why}): set "command", or annotate the pod with auto-management/bitfusion: injection and call "bitfusion run" yourself`,
  };
}

function commandEmpty(container: ContainerLike, { path }: CommandContext): FieldError {
  return {
    type: 'Required',
    code: 'MUTATION_COMMAND_EMPTY',
    field: path.child('command').toString(),
    detail: `neither container ${JSON.stringify(container.name)} nor its image ${JSON.stringify(container.image)} says what to run: set "command"`,
  };
}
