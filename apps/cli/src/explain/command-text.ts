import { shellJoin } from '../terminal/shell-quote.ts';
import type { ContainerCommand } from './explain-template.ts';

/** A container's command line as it could be typed into a shell; what is the image's own stands in brackets. */
export function commandText({ command, args }: ContainerCommand): string {
  if (command !== undefined) return shellJoin([...command, ...(args ?? [])]);
  return args === undefined ? "(the image's own)" : `(the image's ENTRYPOINT) ${shellJoin(args)}`;
}
