import { mutatePod, type Policy } from '@bwki/pod-mutator';

import type { AdmissionRequest } from './admission-review.ts';
import type { Decision } from './decision.ts';
import { podSizeFault } from './pod-size.ts';

const ignored: Decision = Object.freeze({ kind: 'ignored' });

/** `/mutate`: only a pod that is being made is changed (B50a). */
export function mutate({ isPod, operation, object }: AdmissionRequest, policy: Policy): Decision {
  if (!isPod || operation !== 'CREATE' || object === undefined) return ignored;
  const size = podSizeFault(object);
  if (size !== undefined) return { kind: 'denied', errors: [size], warnings: [] };
  const result = mutatePod(object, policy);
  if (!result.ok) return { kind: 'denied', errors: result.error, warnings: [] };
  const { patch, units, warnings } = result.value;
  return patch.length === 0
    ? { kind: 'unchanged', units, warnings }
    : { kind: 'mutated', patch, units, warnings };
}
