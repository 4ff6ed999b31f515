import type { ContainerLike, FieldError, FieldPath, PodSpecLike } from '@bwki/spec-parser';

import { anyObject, flag, integer, listOf, objectOf, text, type Shape } from './shape.ts';

/** The parts of a spec that are read, each of its own type or absent; `MUTATION_SHAPE` for each that is not. */
export interface ReadableSpec {
  readonly spec: PodSpecLike;
  readonly errors: readonly FieldError[];
  /** Those of each container of which a part is missing. */
  readonly ofContainer: ReadonlyMap<ContainerLike, readonly FieldError[]>;
}

const resourceLists = { limits: { shape: anyObject }, requests: { shape: anyObject } } as const;

const user = {
  runAsUser: { shape: integer },
  runAsGroup: { shape: integer },
  runAsNonRoot: { shape: flag },
} as const;

/** What is read of every container: whether it is ours, and how large it is. */
const anyContainer = objectOf({
  name: { shape: text, reported: true },
  resources: {
    shape: objectOf({
      limits: { shape: anyObject, reported: true },
      requests: { shape: anyObject, reported: true },
    }),
    reported: true,
  },
  volumeMounts: {
    shape: listOf(
      objectOf({
        name: { shape: text, required: true },
        mountPath: { shape: text, required: true },
        subPath: { shape: text },
      }),
    ),
  },
  securityContext: { shape: objectOf(user) },
});

/** What is read of a container whose command, variables and mounts matter. */
const gpuContainer = objectOf({
  image: { shape: text },
  command: { shape: listOf(text) },
  args: { shape: listOf(text) },
  env: {
    shape: listOf(
      objectOf({
        name: { shape: text, required: true },
        value: { shape: text },
        valueFrom: { shape: anyObject },
      }),
    ),
  },
});

/** Beside the containers. What is inside a volume is looked at only where it has the name of one of ours. */
const podSpec = objectOf({
  volumes: { shape: listOf(objectOf({ name: { shape: text, required: true } })) },
  imagePullSecrets: { shape: listOf(objectOf({ name: { shape: text } })) },
  securityContext: { shape: objectOf({ ...user, fsGroup: { shape: integer } }) },
  resources: { shape: objectOf(resourceLists) },
});

/**
 * Reads a spec, of which any JSON value may be a part. It is the spec itself where everything is right. What
 * `parsePod` reports of a managed pod (the lists of containers, their elements, names and resources) is not
 * reported again.
 *
 * @param isRead says of a container whether its command, args, variables and image are read too
 */
export function readableSpec(
  spec: unknown,
  path: FieldPath,
  isRead: (container: ContainerLike, list: 'initContainers' | 'containers', index: number) => boolean,
): ReadableSpec {
  const errors: FieldError[] = [];
  const ofContainer = new Map<ContainerLike, readonly FieldError[]>();
  if (!anyObject.accepts(spec)) return { spec: {}, errors, ofContainer };
  const read = readAs(podSpec, spec, path, errors) as PodSpecLike;
  const { initContainers, containers } = read as { initContainers?: unknown; containers?: unknown };
  return {
    spec: {
      ...read,
      initContainers: readContainers('initContainers', initContainers),
      containers: readContainers('containers', containers),
    },
    errors,
    ofContainer,
  };

  function readContainers(list: 'initContainers' | 'containers', present: unknown): readonly ContainerLike[] {
    if (!Array.isArray(present)) return [];
    return present.map((value: unknown, index): ContainerLike => {
      if (!anyObject.accepts(value)) return {};
      const containerPath = path.child(list).index(index);
      const errorsBefore = errors.length;
      const some = readAs(anyContainer, value, containerPath, errors) as ContainerLike;
      const container = isRead(some, list, index)
        ? (readAs(gpuContainer, some, containerPath, errors) as ContainerLike)
        : some;
      if (errors.length > errorsBefore) ofContainer.set(container, errors.slice(errorsBefore));
      return container;
    });
  }
}

function readAs(shape: Shape, value: unknown, path: FieldPath, errors: FieldError[]): unknown {
  return shape.accepts(value) ? value : (shape.read(value, path, errors) ?? shape.nothing);
}
