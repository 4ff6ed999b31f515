import { mutatePodTemplate, validatePod, type Policy, type PodVerdict } from '@bwki/pod-mutator';

import { isPod } from './pod-objects.ts';

/**
 * Judges a pod, or all pods that an object makes, as the webhook would when they are created. Templates whose
 * request has faults are not judged further.
 */
export function validateObject(object: object, policy: Policy): PodVerdict {
  if (isPod(object)) return validatePod(object, policy);
  const mutation = mutatePodTemplate(object, policy);
  if (!mutation.ok) return { errors: mutation.error, warnings: [] };
  const { templates, warnings } = mutation.value;
  const errors = templates.flatMap(({ path, pod }) =>
    validatePod(pod, policy).errors.map((error) => ({ ...error, field: `${path}.${error.field}` })),
  );
  return { errors, warnings };
}
