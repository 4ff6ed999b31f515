import { Quantity } from '@bwki/quota-calc';
import type { ContainerLike, PodSpecLike, ResourceListLike } from '@bwki/spec-parser';

import type { ResourceRequirements } from '../../kubernetes-objects.ts';

/** What a ResourceQuota may demand of every container, and what decides the QoS class. */
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
  if (hasAmounts(spec.resources)) return undefined;
  const requests: Record<string, string> = {};
  const limits: Record<string, string> = {};
  for (const resource of computeResources) {
    const request = largest(others, (container) => requested(container, resource));
    if (request !== undefined) requests[resource] = request.text;
    // A limit that some container lacks could be smaller than the request of that one.
    const limit = largest(others, (container) => amountOf(container.resources?.limits, resource));
    if (limit?.ofAll === true) limits[resource] = limit.text;
  }
  return requirements(limits, requests);
}

/** `resources: {}` says nothing, as on a container. */
function hasAmounts(resources: PodSpecLike['resources']): boolean {
  return Object.keys(resources?.limits ?? {}).length + Object.keys(resources?.requests ?? {}).length > 0;
}

/** Kubernetes takes the limit for a request that is not there. */
function requested(container: ContainerLike, resource: string): Amount | undefined {
  return amountOf(container.resources?.requests, resource) ?? amountOf(container.resources?.limits, resource);
}

function amountOf(list: ResourceListLike | undefined, resource: string): Amount | undefined {
  const value = list?.[resource];
  if (value === undefined) return undefined;
  const parsed = Quantity.fromJson(value);
  return parsed.ok ? { text: String(value).trim(), quantity: parsed.value } : undefined;
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
 * What has to change in a step that is there already, so that it has what is wanted: the pod's containers may have
 * come to need more since. A resource that is not wanted stays as it is, such as a LimitRange's default.
 *
 * @returns undefined where nothing has to
 */
export function changedResources(
  present: ContainerLike['resources'],
  wanted: ResourceRequirements | undefined,
): ResourceRequirements | undefined {
  const requests: Record<string, string> = {};
  const limits: Record<string, string> = {};
  for (const [resource, request] of Object.entries(wanted?.requests ?? {})) {
    if (!isAmount(present?.requests, resource, request)) requests[resource] = request;
    const limit = wanted?.limits?.[resource] ?? raisedLimit(present?.limits, resource, request);
    if (limit !== undefined && !isAmount(present?.limits, resource, limit)) limits[resource] = limit;
  }
  return requirements(limits, requests);
}

/** A container without a limit may have come since, which asks for more than the step's own limit allows. */
function raisedLimit(
  limits: ResourceListLike | undefined,
  resource: string,
  request: string,
): string | undefined {
  const present = amountOf(limits, resource);
  const parsed = Quantity.parse(request);
  return present !== undefined && parsed.ok && present.quantity.compare(parsed.value) < 0
    ? request
    : undefined;
}

function isAmount(list: ResourceListLike | undefined, resource: string, text: string): boolean {
  const wanted = Quantity.parse(text);
  const present = amountOf(list, resource);
  return wanted.ok && present?.quantity.equals(wanted.value) === true;
}

function requirements(
  limits: Readonly<Record<string, string>>,
  requests: Readonly<Record<string, string>>,
): ResourceRequirements | undefined {
  const hasLimits = Object.keys(limits).length > 0;
  const hasRequests = Object.keys(requests).length > 0;
  if (!hasLimits && !hasRequests) return undefined;
  return { ...(hasLimits && { limits }), ...(hasRequests && { requests }) };
}
