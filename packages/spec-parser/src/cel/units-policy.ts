import { celField, celString } from './cel-text.ts';
import { unitsExpressions, type UnitsExpressionOptions } from './units-expressions.ts';

/** The kind of object that a policy judges. */
export interface PolicyKind {
  /** `''` for the core group. */
  readonly group: string;
  readonly version: string;
  /** In the plural, as an API path has it: `pods`, `deployments`. */
  readonly resource: string;
  readonly podSpec: readonly string[];
}

/** Kinds of Kubernetes whose pods can be judged before they exist, and the pod itself. */
export const policyKinds: {
  readonly Pod: PolicyKind;
  readonly Deployment: PolicyKind;
  readonly StatefulSet: PolicyKind;
  readonly DaemonSet: PolicyKind;
  readonly ReplicaSet: PolicyKind;
  readonly Job: PolicyKind;
  readonly CronJob: PolicyKind;
} = Object.freeze({
  Pod: kind('', 'pods', ['spec']),
  Deployment: kind('apps', 'deployments'),
  StatefulSet: kind('apps', 'statefulsets'),
  DaemonSet: kind('apps', 'daemonsets'),
  ReplicaSet: kind('apps', 'replicasets'),
  Job: kind('batch', 'jobs'),
  CronJob: kind('batch', 'cronjobs', ['spec', 'jobTemplate', 'spec', 'template', 'spec']),
});

export interface UnitsPolicyOptions extends Pick<UnitsExpressionOptions, 'totalGpuMemory'> {
  /** The name of the policy. */
  readonly name: string;
  readonly kind: PolicyKind;
  /** The most units that one pod may take, 0 or more; or the key `maxUnits` of a ConfigMap that the binding names. */
  readonly maxUnits: bigint | 'configMap';
}

/** An object of `admissionregistration.k8s.io/v1`, plain JSON. */
export interface ValidatingAdmissionPolicy {
  readonly apiVersion: 'admissionregistration.k8s.io/v1';
  readonly kind: 'ValidatingAdmissionPolicy';
  readonly metadata: { readonly name: string };
  readonly spec: object;
}

/**
 * A ValidatingAdmissionPolicy (Kubernetes 1.30 or later) that caps what one pod takes. It needs no webhook; a
 * ValidatingAdmissionPolicyBinding of yours says where it holds, and with `configMap` which ConfigMap.
 *
 * @throws RangeError where `totalGpuMemory` is no memory size, or `maxUnits` is negative or above 2^63-1
 */
export function unitsPolicy(options: UnitsPolicyOptions): ValidatingAdmissionPolicy {
  const { name, kind: judged, maxUnits, totalGpuMemory } = options;
  const { group, version, resource, podSpec } = judged;
  const { isCountable, units } = unitsExpressions({ podSpec, totalGpuMemory });
  const field = podSpec.join('.');
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: {
      failurePolicy: 'Fail',
      ...(maxUnits === 'configMap' ? { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' } } : {}),
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: [group],
            apiVersions: [version],
            // What a pod takes cannot change, and a refused update would hold its finalizers.
            operations: resource === 'pods' ? ['CREATE'] : ['CREATE', 'UPDATE'],
            resources: [resource],
          },
        ],
      },
      // A workload that was made before the policy can still be scaled, paused and deleted.
      matchConditions: [
        {
          name: 'pod-spec-is-new',
          expression: `oldObject == null || ${podSpec.reduce(celField, 'object')} != ${podSpec.reduce(celField, 'oldObject')}`,
        },
      ],
      variables: [
        { name: 'isCountable', expression: isCountable },
        { name: 'units', expression: units },
        { name: 'maxUnits', expression: mostOf(maxUnits) },
      ],
      validations: [
        {
          expression: 'variables.isCountable',
          message: `${field}: the bitfusion.io/ resources of a container cannot be counted; bwki validate says which and why`,
        },
        {
          expression: '!variables.isCountable || variables.units <= variables.maxUnits',
          messageExpression:
            `${celString(`${field}: takes `)} + string(variables.units) + ' units of bitfusion.io/gpu, ` +
            `and may take ' + string(variables.maxUnits) + '; 100 units are one GPU'`,
        },
      ],
    },
  };
}

function mostOf(maxUnits: bigint | 'configMap'): string {
  if (maxUnits === 'configMap') return 'int(params.data.maxUnits)';
  if (maxUnits < 0n || maxUnits > 2n ** 63n - 1n) {
    throw new RangeError(`maxUnits: ${maxUnits} is not between 0 and 2^63-1`);
  }
  return String(maxUnits);
}

function kind(group: string, resource: string, podSpec = ['spec', 'template', 'spec']): PolicyKind {
  return Object.freeze({ group, version: 'v1', resource, podSpec });
}
