import { resources as resourceNames, type ContainerResources } from '@bwki/spec-parser';

import type { ResourcePlan } from './plan.ts';

/** The resources that only a request is written in; none of them exists on a node (B6–B8). */
const requestNames = [resourceNames.amount, resourceNames.num, resourceNames.percent, resourceNames.memory];

/** The request leaves limits and requests, and its units enter both. */
export function planResources(present: ContainerResources, units: bigint): ResourcePlan {
  const namesIn = (list: 'limits' | 'requests'): readonly string[] =>
    requestNames.filter((name) => present.valueIn(list, name) !== undefined);
  return { limits: namesIn('limits'), requests: namesIn('requests'), units: units.toString() };
}
