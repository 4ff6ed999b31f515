import {
  clientVolume,
  mountsVolume,
  populateName,
  type ContainerLike,
  type FieldError,
  type PodContainer,
  type PodReading,
} from '@bwki/spec-parser';

export interface PresentSteps {
  /** Populate containers that an earlier mutation added. */
  readonly steps: readonly PodContainer[];
  /** All other containers, init containers first. */
  readonly others: readonly ContainerLike[];
  readonly errors: readonly FieldError[];
}

/** Tells our own populate containers from the user's containers; a foreign one of that name is an error. */
export function findSteps({ containers }: PodReading): PresentSteps {
  const steps: PodContainer[] = [];
  const others: ContainerLike[] = [];
  const errors: FieldError[] = [];
  for (const place of containers) {
    const { ref, container, path, isPopulate } = place;
    if (!isPopulate) {
      others.push(container);
    } else if (ref.list === 'initContainers' && mountsVolume(container, clientVolume)) {
      steps.push(place);
    } else {
      errors.push({
        type: 'Invalid',
        code: 'MUTATION_CONTAINER_NAME_TAKEN',
        field: path.child('name').toString(),
        value: ref.name,
        detail: 'is the name of the step that brings the Bitfusion client: give this container another one',
      });
    }
  }
  return { steps, others, errors };
}

/** The name of a further populate container: the first that is free. */
export function nextStepName(taken: ReadonlySet<string>): string {
  if (!taken.has(populateName)) return populateName;
  let number = taken.size + 1;
  while (taken.has(`${populateName}-${number}`)) number += 1;
  return `${populateName}-${number}`;
}
