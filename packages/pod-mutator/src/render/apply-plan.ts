import {
  resources as resourceNames,
  type ContainerLike,
  type PodLike,
  type PodSpecLike,
} from '@bwki/spec-parser';

import type {
  CommandPlan,
  ContainerPlan,
  EnvChange,
  MutationPlan,
  PopulateChange,
  ResourcePlan,
} from '../plan/plan.ts';

/**
 * The pod that a plan makes of a pod: a copy that shares what is unchanged. It is reckoned from the plan, not from
 * the patch, so that each can be held against the other.
 */
export function applyPlan<P extends PodLike>(pod: P, plan: MutationPlan): P {
  const spec = pod.spec ?? {};
  const annotations = Object.fromEntries(plan.annotations.map(({ key, value }) => [key, value]));
  return {
    ...pod,
    ...(plan.annotations.length > 0 && {
      metadata: { ...pod.metadata, annotations: { ...pod.metadata?.annotations, ...annotations } },
    }),
    spec: {
      ...spec,
      ...(plan.imagePullSecrets.length > 0 && {
        imagePullSecrets: [...(spec.imagePullSecrets ?? []), ...plan.imagePullSecrets],
      }),
      ...(plan.volumes.length > 0 && { volumes: [...(spec.volumes ?? []), ...plan.volumes] }),
      ...changedList(spec, 'containers', plan),
      ...changedList(spec, 'initContainers', plan),
    },
  };
}

function changedList(
  spec: PodSpecLike,
  list: 'containers' | 'initContainers',
  plan: MutationPlan,
): Partial<Record<typeof list, readonly ContainerLike[]>> {
  const plans = plan.containers.filter(({ ref }) => ref.list === list);
  const steps = list === 'initContainers' ? plan.populate : [];
  if (plans.length === 0 && steps.length === 0) return {};
  const containers = Array.from(spec[list] ?? []);
  for (const container of plans) {
    containers[container.ref.index] = applyToContainer(containers[container.ref.index] ?? {}, container);
  }
  return { [list]: steps.length === 0 ? containers : withSteps(containers, steps) };
}

function withSteps(
  containers: readonly ContainerLike[],
  steps: readonly PopulateChange[],
): readonly ContainerLike[] {
  const kept = new Set(steps.map((step) => (step.kind === 'keep' ? step.index : undefined)));
  const front = steps.map((step): ContainerLike => {
    if (step.kind === 'insert') return step.container;
    const container = containers[step.index] ?? {};
    const { limits, requests } = step.resources ?? {};
    const resources = {
      ...container.resources,
      ...(limits && { limits: { ...container.resources?.limits, ...limits } }),
      ...(requests && { requests: { ...container.resources?.requests, ...requests } }),
    };
    return {
      ...container,
      ...(step.args.length > 0 && { args: [...(container.args ?? []), ...step.args] }),
      ...((limits ?? requests) && { resources }),
    };
  });
  return [...front, ...containers.filter((_, index) => !kept.has(index))];
}

function applyToContainer(container: ContainerLike, plan: ContainerPlan): ContainerLike {
  return {
    ...container,
    ...(plan.command && applyCommand(container, plan.command)),
    ...(plan.env.length > 0 && { env: applyEnv(container.env ?? [], plan.env) }),
    ...(plan.resources && { resources: applyResources(container, plan.resources) }),
    ...(plan.volumeMounts.length > 0 && {
      volumeMounts: [...(container.volumeMounts ?? []), ...plan.volumeMounts],
    }),
  };
}

function applyCommand(container: ContainerLike, plan: CommandPlan): Pick<ContainerLike, 'command' | 'args'> {
  if (plan.kind === 'set') return { command: plan.command, ...(plan.args && { args: plan.args }) };
  const [first, ...rest] = container.command ?? [];
  const text = plan.text ?? first;
  return { command: [...plan.prepend, ...(text === undefined ? [] : [text]), ...rest, ...plan.append] };
}

function applyEnv(
  env: NonNullable<ContainerLike['env']>,
  changes: readonly EnvChange[],
): NonNullable<ContainerLike['env']> {
  const result = Array.from(env);
  for (const change of changes) {
    if (change.kind === 'append') {
      result.push(change.variable);
    } else if (change.kind === 'value') {
      result[change.index] = { ...result[change.index], value: change.value };
    } else {
      result.splice(change.index, 1, { ...result[change.index], name: change.name }, change.next);
    }
  }
  return result;
}

function applyResources(
  container: ContainerLike,
  plan: ResourcePlan,
): NonNullable<ContainerLike['resources']> {
  const without = (list: 'limits' | 'requests'): Record<string, string | number> => {
    const kept = Object.entries(container.resources?.[list] ?? {}).filter(
      ([name]) => !plan[list].includes(name),
    );
    return { ...Object.fromEntries(kept), [resourceNames.units]: plan.units };
  };
  return { ...container.resources, limits: without('limits'), requests: without('requests') };
}
