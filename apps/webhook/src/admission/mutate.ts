import { mutatePod, type Policy } from '@bwki/pod-mutator';

import type { AdmissionRequest } from './admission-review.ts';
import type { Decision } from './decision.ts';

const ignored: Decision = Object.freeze({ kind: 'ignored' });

/** `/mutate`: only a pod that is being created is changed. */
export function mutate({ isPod, operation, object }: AdmissionRequest, policy: Policy): Decision {
  if (!isPod || operation !== 'CREATE' || object === undefined) return ignored;
  const result = mutatePod(object, policy);
  if (!result.ok) return { kind: 'denied', errors: result.error, warnings: [] };
  const { isChanged, mountsToken, units, warnings } = result.value;
  return isChanged
    ? { kind: 'mutated', patch: result.value.patchText(), units, warnings }
    : { kind: 'unchanged', mountsToken, units, warnings };
}
