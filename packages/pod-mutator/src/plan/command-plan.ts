import {
  argumentsFault,
  isShellText,
  readClientUse,
  trimBlanks,
  type ArgumentsFault,
} from '@bwki/bitfusion-cli-wrap';
import type { ContainerLike, FieldError, FieldPath } from '@bwki/spec-parser';

import { imageCommand } from './image-command.ts';
import type { CommandPlan } from './plan.ts';
import type { CommandContext, PlannedCommand } from './planned-command.ts';

/** What mode `all` does to a command (B30–B34). */
export function planCommand(container: ContainerLike, context: CommandContext): PlannedCommand {
  const command = container.command ?? [];
  const clientUse = readClientUse(container, context.budget);
  if (clientUse !== undefined) {
    // As one element, even text that runs the client needs a shell: there is no program of that name.
    const needsShell = clientUse.where === 'command-text' && command.length === 1;
    if (needsShell)
      return { ...planText(command[0] ?? '', container, { ...context, wrapper: [] }), clientUse };
    return { plan: undefined, clientUse, errors: [] };
  }
  if (command.length === 0) return imageCommand(container, context);
  if (command.length > 1) return wrapped({ prepend: context.wrapper, text: undefined, append: [] });
  return planText(command[0] ?? '', container, context);
}

/** A command of one element: with blanks in it, it is shell text (B31), else a program. */
function planText(
  element: string,
  container: ContainerLike,
  { wrapper, shell, path, budget }: CommandContext,
): PlannedCommand {
  const text = trimBlanks(element);
  if (text === '') return failed(commandBlank(element, path));
  const reworded = text === element ? undefined : text;
  if (!isShellText([text])) return wrapped({ prepend: wrapper, text: reworded, append: [] });
  const prepend = [...wrapper, ...shell];
  if ((container.args ?? []).length === 0) return wrapped({ prepend, text: reworded, append: [] });
  const fault = argumentsFault(text, budget);
  if (fault !== undefined) return failed(argsError(path, element, fault));
  // The shell calls the first word after the text `$0`; the pod's own args follow it as `$1` and so on.
  return wrapped({ prepend, text: `${text} "$@"`, append: [text] });
}

function failed(error: FieldError): PlannedCommand {
  return { plan: undefined, clientUse: undefined, errors: [error] };
}

function wrapped(plan: Omit<Extract<CommandPlan, { kind: 'wrap' }>, 'kind'>): PlannedCommand {
  return { plan: { kind: 'wrap', ...plan }, clientUse: undefined, errors: [] };
}

function commandBlank(value: string, path: FieldPath): FieldError {
  return {
    type: 'Invalid',
    code: 'MUTATION_COMMAND_EMPTY',
    field: path.child('command').index(0).toString(),
    value,
    detail: 'names no program: set it, or remove "command" for what the image runs',
  };
}

function argsError(path: FieldPath, value: string, fault: ArgumentsFault): FieldError {
  return {
    type: 'Invalid',
    code: 'MUTATION_SHELL_ARGS',
    field: path.child('command').toString(),
    value,
    detail: `the container's args cannot follow shell text that ${endingText(fault)}: write the command as a list of words, or put the args into the text`,
  };
}

function endingText(fault: ArgumentsFault): string {
  switch (fault.code) {
    case 'ENDS_IN_OPERATOR':
      return `ends in ${JSON.stringify(fault.ending)}`;
    case 'ENDS_IN_COMMENT':
      return 'ends in a comment';
    case 'ENDS_IN_COMPOUND':
      return `ends in the compound command ${JSON.stringify(fault.ending)}`;
    case 'UNREAD':
      return 'is too long or nested too deep to be read';
    case 'UNBALANCED':
      return `is not complete (${JSON.stringify(fault.ending)})`;
  }
}
