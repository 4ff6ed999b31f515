import type { ApiObject } from '../../harness/index.ts';

export interface GpuPodOptions {
  readonly namespace: string;
  /** Default: one that the API server makes. */
  readonly name?: string;
  /** GPUs; default 1. */
  readonly amount?: number;
  /** Of one GPU; default 50. */
  readonly percent?: number;
  /** The mode that its annotation asks for; default `all`. */
  readonly mode?: string;
  /** Further resources of its container. */
  readonly resources?: { readonly limits?: object; readonly requests?: object };
}

/** A pod as small as one that asks for a GPU can be. */
export function gpuPod({
  namespace,
  name,
  amount = 1,
  percent = 50,
  mode = 'all',
  resources = {},
}: GpuPodOptions): ApiObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...(name === undefined ? { generateName: 'train-' } : { name }),
      namespace,
      annotations: { 'auto-management/bitfusion': mode },
    },
    spec: {
      containers: [
        {
          name: 'main',
          image: 'registry.example/train:1',
          command: ['python', 'train.py'],
          resources: {
            ...resources,
            limits: {
              ...resources.limits,
              'bitfusion.io/gpu-amount': String(amount),
              'bitfusion.io/gpu-percent': String(percent),
            },
          },
        },
      ],
    },
  };
}

export interface PodContainer {
  readonly name: string;
  readonly command?: readonly string[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
  readonly resources?: {
    readonly limits?: Readonly<Record<string, string>>;
    readonly requests?: Readonly<Record<string, string>>;
  };
}

export function containersOf(
  pod: ApiObject,
  list: 'containers' | 'initContainers' = 'containers',
): readonly PodContainer[] {
  return (pod['spec'] as Partial<Record<typeof list, readonly PodContainer[]>>)[list] ?? [];
}

/** Units of the pod's containers, by name. */
export function unitsOf(pod: ApiObject): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    containersOf(pod).map(({ name, resources }) => [name, resources?.requests?.['bitfusion.io/gpu']]),
  );
}

export function isInjected(pod: ApiObject): boolean {
  return pod.metadata.annotations?.['auto-management/status'] === 'injected';
}
