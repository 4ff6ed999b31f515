import type { ClientEntry, ContainerLike, FieldError, FieldPath, PodSpecLike } from '@bwki/spec-parser';

import type { PopulateContainer } from './kubernetes-objects.ts';
import { clientVolume, populateName } from './layout.ts';
import type { PopulateChange } from './plan.ts';
import type { Policy } from './policy.ts';
import { populateContainer } from './populate-container.ts';
import { missingResources, populateResources } from './populate-resources.ts';
import { containerUser, homeFileMode, userKey, type ContainerUser } from './populate-user.ts';

export interface PopulatePlan {
  readonly steps: readonly PopulateChange[];
  readonly errors: readonly FieldError[];
}

/** A populating step that the pod has already. */
interface PresentStep {
  readonly index: number;
  readonly container: ContainerLike;
}

/**
 * The populating steps for the containers that use the client, one for each user (B39), in front of all other init
 * containers. Steps that are there are kept where they do what is needed: which container of the pod a step serves
 * is in its args, and which user it serves in its security context.
 *
 * @param served the containers that get a home directory of their own, in the pod's order
 */
export function planPopulate(
  spec: PodSpecLike,
  served: readonly ContainerLike[],
  client: ClientEntry,
  policy: Policy,
  specPath: FieldPath,
): PopulatePlan {
  const { steps: found, others, errors } = findSteps(spec, specPath);
  const resources = populateResources(spec, others);
  const users = usersOf(served, spec);
  const steps: PopulateChange[] = found.map(({ index, container }) => {
    const key = userKey(containerUser(container, spec));
    const names = users.get(key)?.names ?? [];
    users.delete(key);
    const present = new Set(container.args);
    return {
      kind: 'keep',
      index,
      args: names.map(containerArgument).filter((argument) => !present.has(argument)),
      resources: missingResources(container.resources, resources),
    };
  });
  for (const { user, names } of users.values()) {
    steps.push({ kind: 'insert', container: newStep(user, names, steps.length) });
  }
  return { steps, errors };

  function newStep(user: ContainerUser, names: readonly string[], position: number): PopulateContainer {
    const copies = position === 0 && client.kind === 'package' ? [`--package=${client.package}`] : [];
    return populateContainer({
      name: position === 0 ? populateName : `${populateName}-${position + 1}`,
      args: [...copies, `--mode=${homeFileMode(user, spec)}`, ...names.map(containerArgument)],
      resources,
      user,
      spec,
      policy,
    });
  }
}

function containerArgument(name: string): string {
  return `--container=${name}`;
}

function usersOf(
  served: readonly ContainerLike[],
  spec: PodSpecLike,
): Map<string, { readonly user: ContainerUser; readonly names: string[] }> {
  const users = new Map<string, { readonly user: ContainerUser; readonly names: string[] }>();
  for (const container of served) {
    const user = containerUser(container, spec);
    const known = users.get(userKey(user));
    if (known === undefined) users.set(userKey(user), { user, names: [container.name ?? ''] });
    else known.names.push(container.name ?? '');
  }
  return users;
}

/** Tells our own steps from the user's containers; a foreign one of our name is an error (B42). */
function findSteps(
  spec: PodSpecLike,
  specPath: FieldPath,
): { steps: PresentStep[]; others: ContainerLike[]; errors: FieldError[] } {
  const steps: PresentStep[] = [];
  const others: ContainerLike[] = [];
  const errors: FieldError[] = [];
  for (const list of ['initContainers', 'containers'] as const) {
    for (const [index, container] of (spec[list] ?? []).entries()) {
      if (!hasStepName(container)) {
        others.push(container);
      } else if (list === 'initContainers' && mountsClientVolume(container)) {
        steps.push({ index, container });
      } else {
        errors.push({
          type: 'Invalid',
          code: 'MUTATION_CONTAINER_NAME_TAKEN',
          field: specPath.child(list).index(index).child('name').toString(),
          value: container.name,
          detail: 'is the name of the step that brings the Bitfusion client: give this container another one',
        });
      }
    }
  }
  return { steps, others, errors };
}

function hasStepName({ name }: ContainerLike): boolean {
  return (
    name !== undefined &&
    name.startsWith(populateName) &&
    /^(-[0-9]+)?$/.test(name.slice(populateName.length))
  );
}

function mountsClientVolume(container: ContainerLike): boolean {
  return (container.volumeMounts ?? []).some((mount) => mount.name === clientVolume);
}
