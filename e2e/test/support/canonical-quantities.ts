import { Quantity } from '@bwki/quota-calc';

import type { ApiObject } from '../../harness/index.ts';

interface Resources {
  readonly limits?: Readonly<Record<string, unknown>>;
  readonly requests?: Readonly<Record<string, unknown>>;
}

interface Container {
  readonly resources?: Resources;
}

/** The pod with its quantities as the API server writes them (`1.5` as `1500m`), which is how a webhook sees them. */
export function withCanonicalQuantities(pod: ApiObject): ApiObject {
  const spec = pod['spec'] as {
    readonly containers?: readonly Container[];
    readonly initContainers?: readonly Container[];
  };
  return {
    ...pod,
    spec: {
      ...spec,
      ...(spec.containers && { containers: spec.containers.map(canonicalContainer) }),
      ...(spec.initContainers && { initContainers: spec.initContainers.map(canonicalContainer) }),
    },
  };
}

function canonicalContainer(container: Container): Container {
  const { limits, requests } = container.resources ?? {};
  return {
    ...container,
    resources: {
      ...(limits && { limits: canonicalList(limits) }),
      ...(requests && { requests: canonicalList(requests) }),
    },
  };
}

function canonicalList(list: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(list).map(([name, value]) => {
      const quantity = Quantity.fromJson(value);
      return [name, quantity.ok ? quantity.value.toString() : value];
    }),
  );
}
