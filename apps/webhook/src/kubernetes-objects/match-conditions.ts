import { annotations } from '@bwki/spec-parser';
import type { MatchCondition } from 'kubernetes-types/admissionregistration/v1.js';

/**
 * Which pods an API server from 1.28 on sends: those that bear the annotation, be it for `none`, and those with a
 * resource of ours, annotated or not, since units that were set by hand must not get past (B13). All others are
 * created whether the webhook runs or not.
 */
export function matchConditions(): MatchCondition[] {
  const expression = [isAnnotated, someContainer('containers'), someContainer('initContainers')].join(' || ');
  return [{ name: 'asks-for-bitfusion', expression }];
}

const isAnnotated = `(has(object.metadata.annotations) && '${annotations.mode}' in object.metadata.annotations)`;

function someContainer(list: 'containers' | 'initContainers'): string {
  const hasResource = `(has(c.resources) && (${hasOurs('limits')} || ${hasOurs('requests')}))`;
  return `(has(object.spec.${list}) && object.spec.${list}.exists(c, ${hasResource}))`;
}

function hasOurs(list: 'limits' | 'requests'): string {
  return `(has(c.resources.${list}) && c.resources.${list}.exists(r, r.startsWith('bitfusion.io/')))`;
}
