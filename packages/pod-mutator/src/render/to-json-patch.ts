import { resources as resourceNames, type ContainerLike, type PodLike } from '@bwki/spec-parser';

import { below, escapeToken, pointer, type JsonPatchOperation } from './json-patch.ts';
import type {
  CommandPlan,
  ContainerPlan,
  EnvChange,
  MutationPlan,
  PopulateChange,
  ResourcePlan,
} from '../plan/plan.ts';

/** Where the two parts of a pod stand in the object that is patched, as JSON pointers. */
export interface PodPointers {
  readonly metadata: string;
  readonly spec: string;
}

const unitsToken = escapeToken(resourceNames.units);

const podPointers: PodPointers = { metadata: '/metadata', spec: '/spec' };

/**
 * A plan as the operations that carry it out, and no others (B43): every element is added by itself, a parent is
 * made only where there is none, and nothing is compared, so that the work is linear in the pod.
 *
 * @param pod the pod that the plan was made for; it says which parents are there
 */
export function toJsonPatch(
  plan: MutationPlan,
  pod: PodLike,
  pointers: PodPointers = podPointers,
): readonly JsonPatchOperation[] {
  const operations: JsonPatchOperation[] = [];
  const spec = pod.spec ?? {};
  addAnnotations(operations, plan, pod, pointers);
  appendAll(
    operations,
    below(pointers.spec, 'imagePullSecrets'),
    spec.imagePullSecrets,
    plan.imagePullSecrets,
  );
  appendAll(operations, below(pointers.spec, 'volumes'), spec.volumes, plan.volumes);
  for (const container of plan.containers) {
    const { list, index } = container.ref;
    patchContainer(operations, below(pointers.spec, list, index), spec[list]?.[index] ?? {}, container);
  }
  // Last, since it moves the init containers that the operations above name by their index.
  patchInitContainers(operations, below(pointers.spec, 'initContainers'), spec.initContainers, plan.populate);
  return operations;
}

function addAnnotations(
  operations: JsonPatchOperation[],
  plan: MutationPlan,
  pod: PodLike,
  pointers: PodPointers,
): void {
  if (plan.annotations.length === 0) return;
  const path = below(pointers.metadata, 'annotations');
  if (isAbsent(pod.metadata)) operations.push({ op: 'add', path: pointers.metadata, value: {} });
  if (isAbsent(pod.metadata?.annotations)) operations.push({ op: 'add', path, value: {} });
  for (const { key, value } of plan.annotations)
    operations.push({ op: 'add', path: pointer(path, key), value });
}

function appendAll(
  operations: JsonPatchOperation[],
  path: string,
  present: readonly unknown[] | undefined,
  added: readonly unknown[],
): void {
  if (added.length === 0) return;
  if (isAbsent(present)) operations.push({ op: 'add', path, value: added });
  else for (const value of added) operations.push({ op: 'add', path: below(path, '-'), value });
}

function patchContainer(
  operations: JsonPatchOperation[],
  path: string,
  container: ContainerLike,
  plan: ContainerPlan,
): void {
  if (plan.command !== undefined) patchCommand(operations, path, plan.command);
  patchEnv(operations, below(path, 'env'), container.env, plan.env);
  if (plan.resources !== undefined) patchResources(operations, path, container, plan.resources);
  appendAll(operations, below(path, 'volumeMounts'), container.volumeMounts, plan.volumeMounts);
}

function patchCommand(operations: JsonPatchOperation[], container: string, plan: CommandPlan): void {
  const path = below(container, 'command');
  if (plan.kind === 'set') {
    operations.push({ op: 'add', path, value: plan.command });
    if (plan.args !== undefined)
      operations.push({ op: 'add', path: below(container, 'args'), value: plan.args });
    return;
  }
  if (plan.text !== undefined) operations.push({ op: 'replace', path: below(path, 0), value: plan.text });
  for (const value of plan.append) operations.push({ op: 'add', path: below(path, '-'), value });
  for (const [index, value] of plan.prepend.entries())
    operations.push({ op: 'add', path: below(path, index), value });
}

function patchEnv(
  operations: JsonPatchOperation[],
  path: string,
  present: readonly unknown[] | undefined,
  changes: readonly EnvChange[],
): void {
  for (const change of changes) {
    if (change.kind === 'value') {
      operations.push({ op: 'add', path: below(path, change.index, 'value'), value: change.value });
    } else if (change.kind === 'rename') {
      operations.push({ op: 'replace', path: below(path, change.index, 'name'), value: change.name });
      operations.push({ op: 'add', path: below(path, change.index + 1), value: change.next });
    }
  }
  const appended = changes.filter((change) => change.kind === 'append');
  appendAll(
    operations,
    path,
    present,
    appended.map(({ variable }) => variable),
  );
}

function patchResources(
  operations: JsonPatchOperation[],
  container: string,
  { resources }: ContainerLike,
  plan: ResourcePlan,
): void {
  for (const list of ['limits', 'requests'] as const) {
    const path = below(container, 'resources', list);
    for (const name of plan[list]) operations.push({ op: 'remove', path: pointer(path, name) });
    if (isAbsent(resources?.[list])) {
      operations.push({ op: 'add', path, value: { [resourceNames.units]: plan.units } });
    } else {
      operations.push({ op: 'add', path: below(path, unitsToken), value: plan.units });
    }
  }
}

/**
 * Brings the populating steps to the front, one after the other. Those that are there stand in the order in which
 * they are moved, so that no move changes the index of the next.
 */
function patchInitContainers(
  operations: JsonPatchOperation[],
  path: string,
  present: readonly ContainerLike[] | undefined,
  steps: readonly PopulateChange[],
): void {
  for (const step of steps) if (step.kind === 'keep') patchStep(operations, path, present, step);
  if (isAbsent(present)) {
    const inserted = steps.filter((step) => step.kind === 'insert');
    appendAll(
      operations,
      path,
      undefined,
      inserted.map(({ container }) => container),
    );
    return;
  }
  for (const [position, step] of steps.entries()) {
    if (step.kind === 'insert')
      operations.push({ op: 'add', path: below(path, position), value: step.container });
    else if (step.index !== position)
      operations.push({ op: 'move', from: below(path, step.index), path: below(path, position) });
  }
}

function patchStep(
  operations: JsonPatchOperation[],
  list: string,
  present: readonly ContainerLike[] | undefined,
  step: Extract<PopulateChange, { kind: 'keep' }>,
): void {
  const path = below(list, step.index);
  const container = present?.[step.index];
  appendAll(operations, below(path, 'args'), container?.args, step.args);
  const { resources } = step;
  if (resources === undefined) return;
  if (isAbsent(container?.resources)) {
    operations.push({ op: 'add', path: below(path, 'resources'), value: resources });
    return;
  }
  for (const kind of ['limits', 'requests'] as const) {
    const amounts = resources[kind];
    if (amounts === undefined) continue;
    if (isAbsent(container?.resources?.[kind])) {
      operations.push({ op: 'add', path: below(path, 'resources', kind), value: amounts });
      continue;
    }
    for (const [name, value] of Object.entries(amounts)) {
      operations.push({ op: 'add', path: pointer(path, 'resources', kind, name), value });
    }
  }
}

/** YAML writes an empty field as null, which Kubernetes takes for absent. */
function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}
