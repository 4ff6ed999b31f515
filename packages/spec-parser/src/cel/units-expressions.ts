import { parseTotalGpuMemory, describeQuotaError, type Quantity } from '@bwki/quota-calc';
import { celField } from './cel-text.ts';
import { containerExpressions } from './container-expressions.ts';

export interface UnitsExpressionOptions {
  /**
   * Where the pod's spec stands, as the steps from `object`: `['spec']` of a Pod, `['spec', 'template', 'spec']` of a
   * Deployment.
   */
  readonly podSpec?: readonly string[];
  /** Memory of one GPU, as the setting TOTAL_GPU_MEMORY: a bare number is MB. Without it, requests for memory are refused. */
  readonly totalGpuMemory?: string | number | undefined;
}

/** CEL that counts a pod as `@bwki/quota-calc` does, before the webhook has changed it and after. */
export interface UnitsExpressions {
  /** A boolean: whether every `bitfusion.io/` resource of the pod can be counted. */
  readonly isCountable: string;
  /** An integer: the units that the pod takes at its peak. An evaluation error where `isCountable` is false. */
  readonly units: string;
}

/**
 * Expressions for a ValidatingAdmissionPolicy, a `matchConditions` entry or another CEL host with the libraries of
 * Kubernetes 1.29 or later (quantities, lists). They are bounded by the host's cost limits: about 60 init containers.
 *
 * @throws RangeError where `totalGpuMemory` is no memory size
 */
export function unitsExpressions(options: UnitsExpressionOptions = {}): UnitsExpressions {
  const { podSpec = ['spec'], totalGpuMemory } = options;
  const spec = podSpec.reduce(celField, 'object');
  const { isCountable, units } = containerExpressions(totalMemoryOf(totalGpuMemory));
  const init = `(has(${spec}.initContainers) ? ${spec}.initContainers : [])`;
  const app = `(has(${spec}.containers) ? ${spec}.containers : [])`;
  const isSidecar = `has(c.restartPolicy) && c.restartPolicy == 'Always'`;
  // CEL has no running sum: the sidecars before an init container are found by the places of the names.
  const place = (name: string): string => `names.indexOf(${name})`;
  const startedBefore = `sidecars.filter(s, ${place('s')} < ${place('i')}).map(s, each[${place('s')}]).sum()`;
  const peaks = `names.map(i, each[${place('i')}] + ${startedBefore})`;
  const last = `${app}.map(c, ${units}).sum() + sidecars.map(s, each[${place('s')}]).sum()`;
  return {
    isCountable: `${init}.all(c, ${isCountable}) && ${app}.all(c, ${isCountable})`,
    units: bound(
      [
        ['names', `${init}.map(c, c.name)`],
        ['each', `${init}.map(c, ${units})`],
        ['sidecars', `${init}.filter(c, ${isSidecar}).map(c, c.name)`],
      ],
      `(${peaks} + [${last}]).max()`,
    ),
  };
}

/** An expression in which names stand for values: CEL in Kubernetes has no binding but that of `map`. */
function bound(values: readonly (readonly [name: string, value: string])[], expression: string): string {
  return values.reduceRight((inner, [name, value]) => `[${value}].map(${name}, ${inner})[0]`, expression);
}

function totalMemoryOf(setting: string | number | undefined): Quantity | undefined {
  const total = parseTotalGpuMemory(setting);
  if (!total.ok) throw new RangeError(`totalGpuMemory: ${describeQuotaError(total.error)}`);
  return total.value;
}
