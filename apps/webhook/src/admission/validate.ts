import { validatePod, type Policy } from '@bwki/pod-mutator';
import { resources, type FieldError, type Warning } from '@bwki/spec-parser';

import type { WebhookErrorCode } from '../error-codes.ts';
import type { AdmissionRequest } from './admission-review.ts';
import type { Decision } from './decision.ts';
import type { ResourceOffers } from './resource-offers.ts';

const ignored: Decision = Object.freeze({ kind: 'ignored' });

/**
 * `/validate`: judges a pod that is being created. Everything else is allowed: a pod's extended resources cannot change.
 *
 * @param offers without it no one is asked whether a node offers the resource
 */
export function validate(
  request: AdmissionRequest,
  policy: Policy,
  offers: ResourceOffers | undefined,
): Decision {
  const { isPod, operation, object } = request;
  if (!isPod || operation !== 'CREATE' || object === undefined) return ignored;
  const { errors, warnings, units, unitsField } = validatePod(object, policy);
  if (errors.length > 0) return { kind: 'denied', errors, warnings };
  const offer = offers?.offers(resources.units);
  // The first container that needs the resource: one node that offers it is enough for all of them.
  const user = offer === 'missing' || offer === 'awaited' ? unitsField : undefined;
  if (user !== undefined && offer === 'missing')
    return { kind: 'denied', errors: [notOffered(user)], warnings };
  const all = user === undefined ? warnings : [...warnings, notOfferedYet(user)];
  return { kind: 'allowed', units, warnings: all };
}

const code: WebhookErrorCode = 'ADMISSION_RESOURCE_NOT_OFFERED';

function notOffered(field: string): FieldError {
  return {
    type: 'Forbidden',
    code,
    field,
    detail: `no node offers ${resources.units}, so the pod could not be scheduled: see whether the device plugin runs (kubectl -n kube-system get pods -l app=bitfusion-device-plugin)`,
  };
}

function notOfferedYet(field: string): Warning {
  return {
    code,
    field,
    message: `no node offers ${resources.units} yet: the pod stays Pending until one does`,
  };
}
