import { validatePod, type Policy } from '@bwki/pod-mutator';
import { resources, type FieldError, type FieldPath, type Warning } from '@bwki/spec-parser';

import type { WebhookErrorCode } from '../error-codes.ts';
import type { AdmissionRequest } from './admission-review.ts';
import type { Decision } from './decision.ts';
import { podContainers, resourceList } from './pod-containers.ts';
import { podSizeFault } from './pod-size.ts';
import { unitsInPod } from './pod-units.ts';
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
  const size = podSizeFault(object);
  if (size !== undefined) return { kind: 'denied', errors: [size], warnings: [] };
  const { errors, warnings } = validatePod(object, policy);
  if (errors.length > 0) return { kind: 'denied', errors, warnings };
  const offer = offers?.offers(resources.units);
  const user = offer === 'missing' || offer === 'awaited' ? userOfUnits(object) : undefined;
  if (user !== undefined && offer === 'missing')
    return { kind: 'denied', errors: [notOffered(user)], warnings };
  const all = user === undefined ? warnings : [...warnings, notOfferedYet(user)];
  return { kind: 'allowed', units: unitsInPod(object), warnings: all };
}

/** The first container that needs the resource: one node that offers it is enough for all of them. */
function userOfUnits(pod: unknown): FieldPath | undefined {
  const user = podContainers(pod).find(
    ({ container }) => resourceList(container, 'limits')[resources.units] !== undefined,
  );
  return user?.path.child('resources').child('limits').key(resources.units);
}

const code: WebhookErrorCode = 'ADMISSION_RESOURCE_NOT_OFFERED';

function notOffered(field: FieldPath): FieldError {
  return {
    type: 'Forbidden',
    code,
    field: field.toString(),
    detail: `no node offers ${resources.units}, so the pod could not be scheduled: see whether the device plugin runs (kubectl -n kube-system get pods -l app=bitfusion-device-plugin)`,
  };
}

function notOfferedYet(field: FieldPath): Warning {
  return {
    code,
    field: field.toString(),
    message: `no node offers ${resources.units} yet: the pod stays Pending until one does`,
  };
}
