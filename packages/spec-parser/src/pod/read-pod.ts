import { isJsonObject, type JsonObject } from '@bwki/plain-data';
import { required, typeInvalid, type FieldError } from '../findings/field-error.ts';
import type { FieldPath } from '../findings/field-path.ts';
import { ContainerResources } from '../resources/container-resources.ts';
import { resources as resourceNames } from '../resources/resources.ts';
import { clientVolume, homeMountOf, isPopulateName, mountsVolume, tokenVolume } from './injected.ts';
import type { ContainerLike, PodSpecLike } from './pod.ts';
import { readContainerShape, readGpuContainerShape, readSpecShape } from './pod-shapes.ts';
import type { ContainerRef } from './container-ref.ts';

/** A container of a pod, decoded once: its place, its content and what bears on a GPU. */
export interface PodContainer {
  readonly ref: ContainerRef;
  readonly path: FieldPath;
  /** Each field that is read has its own type or is absent. It is the pod's own object where all of it is right. */
  readonly container: ContainerLike;
  /** Its limits and requests, and whether they ask for GPUs, rightly or not. */
  readonly resources: ContainerResources;
  /** Set where an earlier mutation injected the client: the directory that its home was mounted at. */
  readonly homeMount: string | undefined;
  /** It has the name of a container that populates the volume of the client. */
  readonly isPopulate: boolean;
  /** It mounts the volume of the client or of the token, whoever wrote that. */
  readonly mountsOurs: boolean;
  /** It has units of the quota, which an earlier mutation or somebody else set. */
  readonly hasUnits: boolean;
  /** Why it is no container, or why its resources are none. */
  readonly structureErrors: readonly FieldError[];
  /** Other fields of the wrong type. */
  readonly errors: readonly FieldError[];
}

/** A pod, decoded once for all stages. Any JSON value may stand behind it; `parsePod` makes it. */
export interface PodReading {
  /** The pod's spec, but each field that is read has its own type or is absent. The containers are in `containers`. */
  readonly spec: PodSpecLike;
  readonly specPath: FieldPath;
  readonly metadataPath: FieldPath;
  readonly annotations: Readonly<Record<string, unknown>>;
  /** Init containers first, in the order in which Kubernetes starts them. */
  readonly containers: readonly PodContainer[];
  containerAt(ref: ContainerRef): PodContainer | undefined;
  /** What limits and requests of the whole pod (Kubernetes 1.32) say. */
  readonly podResources: ContainerResources;
  /** Whether anything in the pod asks for a GPU, rightly or not. */
  readonly asksForGpu: boolean;
  /** Whether a container mounts the access token, so that the pod's namespace needs it. */
  readonly mountsToken: boolean;
  /** A spec or a list of containers that is none. */
  readonly structureErrors: readonly FieldError[];
  /** Fields of the spec of the wrong type. */
  readonly errors: readonly FieldError[];
}

/** In the order in which a reading lists them; ephemeral containers cannot have resources. */
const lists = ['initContainers', 'containers'] as const;

const empty: JsonObject = Object.freeze({});

/** Where a pod stands in the object that the user wrote, and whose containers need the client besides. */
export interface ReadingContext {
  readonly specPath: FieldPath;
  readonly metadataPath: FieldPath;
  readonly annotations: Readonly<Record<string, unknown>>;
  /** Containers that get the client without asking for a GPU. */
  readonly named: ReadonlySet<string>;
}

/** Decodes a pod's spec. Nothing of it has to be opened again: what is wrong with it is in the reading, too. */
export function readPod(spec: unknown, context: ReadingContext): PodReading {
  const { specPath, metadataPath, annotations, named } = context;
  const structureErrors: FieldError[] = [];
  const isSpec = isJsonObject(spec);
  if (!isSpec && spec !== undefined && spec !== null) {
    structureErrors.push(typeInvalid(specPath, 'SPEC_TYPE_INVALID', spec, 'an object'));
  }
  const present = isSpec ? spec : empty;
  const containers: PodContainer[] = [];
  let asksForGpu = false;
  let mountsToken = false;
  let initContainers = 0;
  for (const list of lists) {
    const elements = present[list];
    if (elements === undefined || elements === null) continue;
    const path = specPath.child(list);
    if (!Array.isArray(elements)) {
      structureErrors.push(typeInvalid(path, 'SPEC_TYPE_INVALID', elements, 'an array'));
      continue;
    }
    for (let index = 0; index < elements.length; index++) {
      const container = readContainer(elements[index], list, index, path.index(index), named);
      asksForGpu ||= container.resources.asksForGpu;
      mountsToken ||= mountsVolume(container.container, tokenVolume);
      containers.push(container);
    }
    if (list === 'initContainers') initContainers = containers.length;
  }
  const podResources = new ContainerResources(present['resources'], specPath.child('resources'));
  const errors: FieldError[] = [];
  return {
    spec: readSpecShape(present, specPath, errors),
    specPath,
    metadataPath,
    annotations,
    containers,
    containerAt: ({ list, index }) => containers[list === 'initContainers' ? index : initContainers + index],
    podResources,
    asksForGpu: asksForGpu || podResources.asksForGpu,
    mountsToken,
    structureErrors,
    errors,
  };
}

function readContainer(
  value: unknown,
  list: ContainerRef['list'],
  index: number,
  path: FieldPath,
  named: ReadonlySet<string>,
): PodContainer {
  const errors: FieldError[] = [];
  const isObject = isJsonObject(value);
  const resources = new ContainerResources(
    isObject ? value['resources'] : undefined,
    path.child('resources'),
  );
  const some: ContainerLike = isObject ? readContainerShape(value, path, errors) : {};
  const { name } = some;
  const homeMount = homeMountOf(some)?.mountPath;
  const isPopulate = isPopulateName(name);
  const mountsOurs = mountsVolume(some, clientVolume) || mountsVolume(some, tokenVolume);
  const hasUnits = resources.has(resourceNames.units);
  const isRead =
    resources.asksForGpu ||
    homeMount !== undefined ||
    isPopulate ||
    hasUnits ||
    (name !== undefined && named.has(name));
  return {
    ref: { list, index, name: name ?? '' },
    path,
    container: isRead ? readGpuContainerShape(some, path, errors) : some,
    resources,
    homeMount,
    isPopulate,
    mountsOurs,
    hasUnits,
    structureErrors: isObject
      ? withNameError(value['name'], resources, path)
      : [typeInvalid(path, 'SPEC_TYPE_INVALID', value, 'an object')],
    errors,
  };
}

/** A container that asks for a GPU needs a name: its own home bears it. */
function withNameError(
  name: unknown,
  { asksForGpu, structureErrors }: ContainerResources,
  container: FieldPath,
): readonly FieldError[] {
  if (!asksForGpu || (typeof name === 'string' && name !== '')) return structureErrors;
  const path = container.child('name');
  const isAbsent = name === undefined || name === null || name === '';
  return [
    ...structureErrors,
    isAbsent
      ? required(path, 'SPEC_CONTAINER_NAME_REQUIRED', '')
      : typeInvalid(path, 'SPEC_TYPE_INVALID', name, 'a string'),
  ];
}
