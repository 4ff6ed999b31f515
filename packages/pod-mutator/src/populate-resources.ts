import { Quantity } from '@bwki/quota-calc';
import type { ContainerLike, PodSpecLike, ResourceListLike } from '@bwki/spec-parser';

import type { ResourceRequirements } from './kubernetes-objects.ts';

/** What a populating step must have, since a ResourceQuota may demand it of every container. */
const computeResources = ['cpu', 'memory', 'ephemeral-storage'] as const;

interface Amount {
  readonly text: string;
  readonly quantity: Quantity;
}

/**
 * Resources of a populating step (B39). It runs alone, before all others, so the largest request of any container
 * changes nothing about what the pod needs; and a limit where all have one, equal to the request where theirs are,
 * keeps the QoS class. Pod-level resources cover it already.
 *
 * @param others the pod's containers, init ones included, without the populating steps
 * @returns undefined where there is nothing to set
 */
export function populateResources(
  spec: PodSpecLike,
  others: readonly ContainerLike[],
): ResourceRequirements | undefined {
  if (spec.resources !== undefined) return undefined;
  const requests: Record<string, string> = {};
  const limits: Record<string, string> = {};
  for (const resource of computeResources) {
    const request = largest(others, (container) => requested(container, resource));
    if (request !== undefined) requests[resource] = request.text;
    // A limit that some container lacks could be smaller than the request of that one.
    const limit = largest(others, (container) => amountOf(container.resources?.limits, resource));
    if (limit?.ofAll === true) limits[resource] = limit.text;
  }
  const hasRequests = Object.keys(requests).length > 0;
  if (!hasRequests) return undefined;
  return Object.keys(limits).length > 0 ? { limits, requests } : { requests };
}

/** Kubernetes takes the limit for a request that is not there. */
function requested(container: ContainerLike, resource: string): Amount | undefined {
  return amountOf(container.resources?.requests, resource) ?? amountOf(container.resources?.limits, resource);
}

function amountOf(list: ResourceListLike | undefined, resource: string): Amount | undefined {
  const value = list?.[resource];
  if (value === undefined) return undefined;
  const parsed = Quantity.fromJson(value);
  return parsed.ok ? { text: String(value), quantity: parsed.value } : undefined;
}

function largest(
  containers: readonly ContainerLike[],
  amount: (container: ContainerLike) => Amount | undefined,
): { readonly text: string; readonly ofAll: boolean } | undefined {
  let found: Amount | undefined;
  let ofAll = true;
  for (const container of containers) {
    const next = amount(container);
    if (next === undefined) ofAll = false;
    else if (found === undefined || next.quantity.compare(found.quantity) > 0) found = next;
  }
  return found && { text: found.text, ofAll };
}

/**
 * What a step that is there already lacks of `wanted`, name by name. Amounts that others added to it, such as a
 * LimitRange's defaults, stay.
 */
export function missingResources(
  present: ContainerLike['resources'],
  wanted: ResourceRequirements | undefined,
): ResourceRequirements {
  const requests = missingAmounts(present?.requests, wanted?.requests);
  const limits = missingAmounts(present?.limits, wanted?.limits);
  return { ...(limits && { limits }), ...(requests && { requests }) };
}

function missingAmounts(
  present: ResourceListLike | undefined,
  wanted: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> | undefined {
  const missing = Object.entries(wanted ?? {}).filter(([resource, text]) => {
    const parsed = Quantity.parse(text);
    const amount = amountOf(present, resource);
    return amount === undefined || !parsed.ok || !amount.quantity.equals(parsed.value);
  });
  return missing.length === 0 ? undefined : Object.fromEntries(missing);
}
