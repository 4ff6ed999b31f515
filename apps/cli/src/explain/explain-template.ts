import type { Policy, TemplateMutation } from '@bwki/pod-mutator';
import {
  explainPodUnits,
  explainUnits,
  podUnits,
  type GpuRequest,
  type NamedPodUnits,
} from '@bwki/quota-calc';
import {
  parsePod,
  type ContainerGpuRequest,
  type ContainerLike,
  type PodGpuRequest,
  type PodLike,
} from '@bwki/spec-parser';

/** What becomes of a pod, or of the pods of one template. */
export interface TemplateExplanation {
  /** Where the template stands in its object; empty for a pod. */
  readonly path: string;
  readonly replicas: number;
  /** Undefined for pods that are left as they are. */
  readonly request: PodGpuRequest | undefined;
  /** Of one pod (B22). */
  readonly units: bigint;
  /** How they come about: `max(prepare 100, train 50 + log 10) = 100 units`. */
  readonly sum: string;
  /** Those that get the client, in the pod's order. */
  readonly containers: readonly ContainerExplanation[];
}

export interface ContainerExplanation {
  readonly name: string;
  readonly list: 'initContainers' | 'containers';
  readonly asked: GpuRequest | undefined;
  readonly units: bigint;
  /** `50 % x 2 GPUs = 100 units`; undefined where nothing is asked for. */
  readonly sum: string | undefined;
  readonly before: ContainerCommand;
  readonly after: ContainerCommand;
}

/** `command` and `args` of a container; undefined where the image's own count. */
export interface ContainerCommand {
  readonly command: readonly string[] | undefined;
  readonly args: readonly string[] | undefined;
}

export function explainTemplate(template: TemplateMutation, policy: Policy): TemplateExplanation {
  const { path, replicas, units, pod, containers } = template;
  const { totalGpuMemory: totalMemory, catalog } = policy;
  const mutated = template.mutatedPod();
  return {
    path,
    replicas,
    request: containers.length === 0 ? undefined : parsePod(pod, { catalog, totalMemory }).request,
    units,
    sum: podSum(pod, containers, units),
    containers: containers.map((container) => {
      const sum = container.gpu && explainUnits(container.gpu, totalMemory);
      return {
        name: container.ref.name,
        list: container.ref.list,
        asked: container.gpu,
        units: container.units,
        sum: sum?.ok === true ? sum.value : undefined,
        before: commandOf(pod, container),
        after: commandOf(mutated, container),
      };
    }),
  };
}

/** By name, since the mutation puts init containers in front. */
function commandOf(pod: PodLike, { ref }: ContainerGpuRequest): ContainerCommand {
  const { command, args }: ContainerLike = pod.spec?.[ref.list]?.find(({ name }) => name === ref.name) ?? {};
  return { command: command ?? undefined, args: args ?? undefined };
}

/** Containers that an earlier mutation served ask for nothing any more, but count: then there is no sum to show. */
function podSum(pod: PodLike, requests: readonly ContainerGpuRequest[], units: bigint): string {
  const asked: NamedPodUnits = {
    initContainers: askedUnits(pod, requests, 'initContainers'),
    containers: askedUnits(pod, requests, 'containers'),
  };
  return podUnits(asked) === units ? explainPodUnits(asked) : `${units} units`;
}

function askedUnits(
  pod: PodLike,
  requests: readonly ContainerGpuRequest[],
  list: 'initContainers' | 'containers',
): NamedPodUnits['initContainers'] {
  return (pod.spec?.[list] ?? []).map(({ name = '', restartPolicy }, index) => ({
    name,
    units: requests.find(({ ref }) => ref.list === list && ref.index === index)?.units ?? 0n,
    sidecar: restartPolicy === 'Always',
  }));
}
