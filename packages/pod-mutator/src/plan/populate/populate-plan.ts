import type {
  ClientEntry,
  ContainerLike,
  FieldError,
  PackagedClient,
  PodContainer,
  PodReading,
  PodSpecLike,
} from '@bwki/spec-parser';

import { launcherGpuMemory } from '../gpu-flags.ts';
import type { PopulateContainer } from '../../kubernetes-objects.ts';
import type { PopulateChange } from '../plan.ts';
import type { Policy } from '../../policy/policy.ts';
import { populateContainer } from './populate-container.ts';
import { changedResources, populateResources } from './populate-resources.ts';
import { findSteps, nextStepName } from './populate-steps.ts';
import { containerUser, homeFileMode, userKey, type ContainerUser } from './populate-user.ts';

export interface PopulatePlan {
  readonly steps: readonly PopulateChange[];
  readonly errors: readonly FieldError[];
}

/**
 * The populating steps for the containers that use the client, one for each user (B39), in front of all other init
 * containers. Steps that are there are kept: which containers of the pod a step serves is in its args, which user it
 * serves in its security context.
 *
 * @param served the containers that get a home directory of their own, in the pod's order
 */
export function planPopulate(
  reading: PodReading,
  served: readonly PodContainer[],
  client: ClientEntry,
  policy: Policy,
): PopulatePlan {
  const { spec } = reading;
  const { steps: found, others, errors } = findSteps(reading);
  const resources = populateResources(spec, others);
  const users = usersOf(unserved(served, found), spec);
  const otherClient = users.size > 0 ? otherClientError(found, client) : undefined;
  const names = new Set<string>();
  const steps: PopulateChange[] = [];
  for (const { ref, container } of found) {
    names.add(ref.name);
    const key = userKey(containerUser(container, spec));
    const args = users.get(key)?.args ?? [];
    users.delete(key);
    const changed = changedResources(container.resources, resources);
    steps.push({ kind: 'keep', index: ref.index, args, resources: changed });
  }
  for (const { user, args } of users.values()) {
    steps.push({ kind: 'insert', container: newStep(user, args) });
  }
  return { steps, errors: otherClient === undefined ? errors : [...errors, otherClient] };

  function newStep(user: ContainerUser, args: readonly string[]): PopulateContainer {
    const copies = names.size === 0 && client.kind === 'package' ? packageArguments(client, policy) : [];
    const name = nextStepName(names);
    names.add(name);
    return populateContainer({
      name,
      args: [...copies, argument('mode', homeFileMode(user, spec)), ...args],
      resources,
      user,
      spec,
      policy,
    });
  }
}

/** What the populate script is told for each container, in the order of the pod. */
interface UserArgs {
  readonly user: ContainerUser;
  readonly args: string[];
}

function usersOf(served: readonly PodContainer[], spec: PodSpecLike): Map<string, UserArgs> {
  const users = new Map<string, UserArgs>();
  for (const { container } of served) {
    const user = containerUser(container, spec);
    const key = userKey(user);
    const known = users.get(key);
    if (known === undefined) users.set(key, { user, args: [containerArgument(container)] });
    else known.args.push(containerArgument(container));
  }
  return users;
}

/** The containers that no step names yet. */
function unserved(served: readonly PodContainer[], steps: readonly PodContainer[]): readonly PodContainer[] {
  if (steps.length === 0) return served;
  const present = new Set(steps.flatMap(({ container }) => container.args ?? []));
  return served.filter(({ container }) => !present.has(containerArgument(container)));
}

/** A container that came since would look for files of a package that the volume does not have. */
function otherClientError(steps: readonly PodContainer[], client: ClientEntry): FieldError | undefined {
  const [first] = steps;
  if (first === undefined || client.kind !== 'package') return undefined;
  const argument = packageArgument(client.package);
  if (steps.some(({ container }) => container.args?.includes(argument))) return undefined;
  return {
    type: 'Invalid',
    code: 'MUTATION_CLIENT_CHANGED',
    field: first.path.child('args').toString(),
    value: first.container.args,
    detail: `brings another client than ${client.package}, which the annotations choose now: choose the same as before, or mutate the original manifest`,
  };
}

/** Where the releases have their libraries the populate script looks by itself. */
const usualLibraryPath = /^opt\/bitfusion\/lib\/x86_64-linux-gnu(\/bitfusion)?\/lib$/;

/** The package, and what the launcher has to know; what is usual is left out, as every byte is paid for (B43). */
function packageArguments(client: PackagedClient, policy: Policy): readonly string[] {
  const gpuMemory = launcherGpuMemory(policy.totalGpuMemory, policy.memoryFlagUnit);
  return [
    packageArgument(client.package),
    ...(usualLibraryPath.test(client.libraryPath) ? [] : [argument('library-path', client.libraryPath)]),
    ...(policy.enforce === 'on' ? [] : [argument('enforce', policy.enforce)]),
    ...(gpuMemory === undefined || policy.enforce === 'off' ? [] : [argument('gpu-memory', gpuMemory)]),
  ];
}

function packageArgument(name: string): string {
  return argument('package', name);
}

function containerArgument({ name }: ContainerLike): string {
  return argument('container', name ?? '');
}

function argument(name: string, value: string): string {
  return ['--', name, '=', value].join('');
}
