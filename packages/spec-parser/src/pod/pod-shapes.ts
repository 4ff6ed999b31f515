import type { FieldError } from '../findings/field-error.ts';
import type { FieldPath } from '../findings/field-path.ts';
import type { ContainerLike, PodSpecLike } from './pod.ts';
import { anyObject, flag, integer, listOf, objectOf, text, type Shape } from './shape.ts';

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
        readOnly: { shape: flag },
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

/** A container's fields that are read of every one. The functions here report `MUTATION_SHAPE` for each wrong field. */
export function readContainerShape(value: unknown, path: FieldPath, errors: FieldError[]): ContainerLike {
  return readAs(anyContainer, value, path, errors) as ContainerLike;
}

/** The fields that are read besides of a container that gets the client. */
export function readGpuContainerShape(
  container: ContainerLike,
  path: FieldPath,
  errors: FieldError[],
): ContainerLike {
  return readAs(gpuContainer, container, path, errors) as ContainerLike;
}

/** A spec's fields, but for its containers. */
export function readSpecShape(value: unknown, path: FieldPath, errors: FieldError[]): PodSpecLike {
  return readAs(podSpec, value, path, errors) as PodSpecLike;
}

function readAs(shape: Shape, value: unknown, path: FieldPath, errors: FieldError[]): unknown {
  return shape.accepts(value) ? value : (shape.read(value, path, errors) ?? shape.nothing);
}
