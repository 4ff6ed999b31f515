import type { ContainerLike, FieldError, FieldPath, PodSpecLike } from '@bwki/spec-parser';

import { clientVolume, populateName } from '../../layout.ts';

/** A populating step that the pod has already. */
export interface PresentStep {
  /** In `initContainers`. */
  readonly index: number;
  readonly container: ContainerLike;
}

export interface FoundSteps {
  readonly steps: readonly PresentStep[];
  /** All containers that are no steps, init containers first. */
  readonly others: readonly ContainerLike[];
  readonly errors: readonly FieldError[];
}

/** Tells our own steps from the user's containers; a foreign one of our name is an error (B42). */
export function findSteps(spec: PodSpecLike, specPath: FieldPath): FoundSteps {
  const steps: PresentStep[] = [];
  const others: ContainerLike[] = [];
  const errors: FieldError[] = [];
  for (const list of ['initContainers', 'containers'] as const) {
    for (const [index, container] of (spec[list] ?? []).entries()) {
      if (!isStepName(container.name)) {
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

/** `bwki-populate`, `bwki-populate-2` … */
export function isStepName(name: string | undefined): boolean {
  return name?.startsWith(populateName) === true && /^(-[0-9]+)?$/.test(name.slice(populateName.length));
}

/** The name of a further step: the first that is free. */
export function nextStepName(taken: ReadonlySet<string>): string {
  if (!taken.has(populateName)) return populateName;
  let number = taken.size + 1;
  while (taken.has(`${populateName}-${number}`)) number += 1;
  return `${populateName}-${number}`;
}

function mountsClientVolume(container: ContainerLike): boolean {
  return (container.volumeMounts ?? []).some((mount) => mount.name === clientVolume);
}
