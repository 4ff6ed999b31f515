import type { FieldError, Warning } from '@bwki/spec-parser';

import type { MutateOptions } from '../plan/plan-mutation.ts';
import type { Policy } from '../policy/policy.ts';
import { verdictOf } from '../validate/validate-pod.ts';
import { planTemplates, type TemplateOptions } from './plan-templates.ts';

export interface TemplateVerdict {
  /** Empty where all pods of the object may run. */
  readonly errors: readonly FieldError[];
  readonly warnings: readonly Warning[];
}

/** `validatePod` for all templates of an object, of the kinds that `mutatePodTemplate` takes. */
export function validatePodTemplate(
  object: object,
  policy: Policy,
  options: MutateOptions & TemplateOptions = {},
): TemplateVerdict {
  const planned = planTemplates(object, policy, options);
  if (!planned.ok) return { errors: planned.error, warnings: [] };
  const { templates, warnings } = planned.value;
  return { errors: templates.flatMap((template) => verdictOf(template.planned, policy).errors), warnings };
}
