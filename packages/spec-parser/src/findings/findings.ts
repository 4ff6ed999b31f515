import type { FieldError } from './field-error.ts';
import type { Warning } from './warning.ts';

/** What the stages of one parse find; each adds its own and none stops at another's (B14). */
export interface Findings {
  readonly errors: FieldError[];
  readonly warnings: Warning[];
}
