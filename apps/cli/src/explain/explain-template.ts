import type { Policy, TemplateMutation } from '@bwki/pod-mutator';
import { explainPodUnits, explainUnits, podUnits, type NamedPodUnits } from '@bwki/quota-calc';
import {
  resources,
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
  /** Undefined where it only gets the client and the token. */
  readonly asked: AskedGpus | undefined;
  readonly units: bigint;
  /** `50 % x 2 GPUs = 100 units`; undefined where nothing is asked for. */
  readonly sum: string | undefined;
  readonly before: ContainerCommand;
  readonly after: ContainerCommand;
}

/** What was asked for, as decimal text; neither percent nor memory: whole GPUs. */
export interface AskedGpus {
  readonly amount: string;
  readonly percent?: string;
  /** As the user wrote it. */
  readonly memory?: string;
}

/** `command` and `args` of a container; undefined where the image's own count. */
export interface ContainerCommand {
  readonly command: readonly string[] | undefined;
  readonly args: readonly string[] | undefined;
}

export function explainTemplate(template: TemplateMutation, policy: Policy): TemplateExplanation {
  const { path, replicas, units, pod, containers, request } = template;
  const { totalGpuMemory: totalMemory } = policy;
  const mutated = template.mutatedPod();
  return {
    path,
    replicas,
    request: containers.length === 0 ? undefined : request,
    units,
    sum: podSum(pod, containers, units),
    containers: containers.map((container) => {
      const sum = container.gpu && explainUnits(container.gpu, totalMemory);
      return {
        name: container.ref.name,
        list: container.ref.list,
        asked: askedOf(pod, container),
        units: container.units,
        sum: sum?.ok === true ? sum.value : undefined,
        before: commandOf(pod, container),
        after: commandOf(mutated, container),
      };
    }),
  };
}

/** By name, since the mutation puts init containers in front. */
export function containerOf(pod: PodLike, { ref }: ContainerGpuRequest): ContainerLike {
  return pod.spec?.[ref.list]?.find(({ name }) => name === ref.name) ?? {};
}

function commandOf(pod: PodLike, request: ContainerGpuRequest): ContainerCommand {
  const { command, args } = containerOf(pod, request);
  return { command: command ?? undefined, args: args ?? undefined };
}

function askedOf(pod: PodLike, request: ContainerGpuRequest): AskedGpus | undefined {
  const { gpu } = request;
  if (gpu === undefined) return undefined;
  const amount = String(gpu.amount);
  switch (gpu.share.kind) {
    case 'whole':
      return { amount };
    case 'percent':
      return { amount, percent: String(gpu.share.percent) };
    case 'memory': {
      const written = containerOf(pod, request).resources?.limits?.[resources.memory];
      return { amount, memory: String(written ?? gpu.share.memory) };
    }
  }
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
