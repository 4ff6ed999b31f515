import { resources as resourceNames, type ContainerLike, type ResourceListLike } from '@bwki/spec-parser';

import type { ResourcePlan } from './plan.ts';

/** The resources that only a request is written in; none of them exists on a node (B6–B8). */
const requestNames = [resourceNames.amount, resourceNames.num, resourceNames.percent, resourceNames.memory];

/** B38: the request leaves limits and requests, and its units enter both. */
export function planResources(container: ContainerLike, units: bigint): ResourcePlan {
  const { limits, requests } = container.resources ?? {};
  return { limits: presentNames(limits), requests: presentNames(requests), units: units.toString() };
}

/** Whether a container asks for GPUs, be it in a way that can be served or not. */
export function asksForGpu({ resources }: ContainerLike): boolean {
  return asksIn(resources?.limits) || asksIn(resources?.requests);
}

function asksIn(list: ResourceListLike | undefined): boolean {
  return list !== undefined && requestNames.some((name) => Object.hasOwn(list, name));
}

function presentNames(list: ResourceListLike | undefined): readonly string[] {
  return list === undefined ? [] : requestNames.filter((name) => Object.hasOwn(list, name));
}
