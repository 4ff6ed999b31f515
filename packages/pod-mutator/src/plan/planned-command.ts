import type { ClientUse, TextBudget } from '@bwki/bitfusion-cli-wrap';
import type { FieldError, FieldPath } from '@bwki/spec-parser';

import type { ImageConfigs } from '../policy/image-config.ts';
import type { CommandPlan } from './plan.ts';

export interface CommandContext {
  /** `[binary, 'run', …, '--']`. */
  readonly wrapper: readonly string[];
  readonly shell: readonly string[];
  readonly imageConfigs: ImageConfigs | undefined;
  /** For the texts of all containers of the pod. */
  readonly budget: TextBudget;
  /** The container's path. */
  readonly path: FieldPath;
}

export interface PlannedCommand {
  readonly plan: CommandPlan | undefined;
  /** Set where the command line runs the client itself, so that it is not wrapped (B33). */
  readonly clientUse: ClientUse | undefined;
  readonly errors: readonly FieldError[];
}
