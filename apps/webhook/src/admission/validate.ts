import { validatePod, type Policy } from '@bwki/pod-mutator';
import { resources, type FieldError } from '@bwki/spec-parser';

import type { WebhookErrorCode } from '../error-codes.ts';
import type { AdmissionRequest } from './admission-review.ts';
import type { Decision } from './decision.ts';
import { podContainers, resourceList } from './pod-containers.ts';
import { podSizeFault } from './pod-size.ts';
import { unitsInPod } from './pod-units.ts';
import { changesResources } from './resource-changes.ts';
import type { ResourceOffers } from './resource-offers.ts';

const ignored: Decision = Object.freeze({ kind: 'ignored' });

/**
 * `/validate` (B53): a pod that is being made, and an UPDATE that changes its `bitfusion.io/*` resources (B50a).
 *
 * @param offers without it no one is asked whether a node offers the resource
 */
export function validate(
  request: AdmissionRequest,
  policy: Policy,
  offers: ResourceOffers | undefined,
): Decision {
  const { object } = request;
  if (object === undefined || !isJudged(request)) return ignored;
  const size = podSizeFault(object);
  if (size !== undefined) return { kind: 'denied', errors: [size], warnings: [] };
  const { errors, warnings } = validatePod(object, policy);
  const missing = errors.length > 0 ? [] : notOffered(object, offers);
  const faults = [...errors, ...missing];
  if (faults.length > 0) return { kind: 'denied', errors: faults, warnings };
  return { kind: 'allowed', units: unitsInPod(object), warnings };
}

function isJudged({ isPod, operation, object, oldObject }: AdmissionRequest): boolean {
  if (!isPod) return false;
  return operation === 'CREATE' || (operation === 'UPDATE' && changesResources(oldObject, object));
}

/** Said once a pod, at the first container that needs the resource: one node that offers it cures all. */
function notOffered(pod: unknown, offers: ResourceOffers | undefined): readonly FieldError[] {
  if (offers?.offers(resources.units) !== false) return [];
  const user = podContainers(pod).find(
    ({ container }) => resourceList(container, 'limits')[resources.units] !== undefined,
  );
  if (user === undefined) return [];
  return [
    {
      type: 'Forbidden',
      code: 'ADMISSION_RESOURCE_NOT_OFFERED' satisfies WebhookErrorCode,
      field: user.path.child('resources').child('limits').key(resources.units).toString(),
      detail: `no node offers ${resources.units}, so the pod could not be scheduled: see whether the device plugin runs (kubectl -n kube-system get pods -l app=bitfusion-device-plugin)`,
    },
  ];
}
