import type { ApiObject } from '../../harness/index.ts';

/** What a manifest asks of a cluster that a small node without a registry does not have, and what it gets instead. */
const substitutions: Readonly<Record<string, (value: unknown) => unknown>> = {
  // There is no registry to look into.
  imagePullPolicy: () => 'IfNotPresent',
  // A node of the tests is as large as the machine, which may be two processors.
  resources: (value) => {
    const { limits, requests, ...others } = value as Resources;
    return {
      ...others,
      ...(limits && { limits: withoutMachine(limits) }),
      ...(requests && { requests: withoutMachine(requests) }),
    };
  },
  // The machine's own /home is not the tests' to write to.
  hostPath: (value) => ({ ...(value as object), path: benchmarks }),
};

interface Resources {
  readonly limits?: Readonly<Record<string, unknown>>;
  readonly requests?: Readonly<Record<string, unknown>>;
}

/** Stands for `/home/benchmarks` of the examples, in the folder of the node that is its own. */
export const benchmarks = '/var/lib/kubelet/benchmarks';

/** The object with these substitutions in it, and nothing else changed: images keep their names, commands their words. */
export function runnable(object: ApiObject): ApiObject {
  return substituted(object) as ApiObject;
}

function substituted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(substituted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => {
      const substitution = substitutions[key];
      return [key, substitution === undefined ? substituted(field) : substitution(field)];
    }),
  );
}

function withoutMachine(list: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(list).filter(([name]) => name !== 'cpu' && name !== 'memory'));
}
