import { isJsonObject, type JsonObject } from '@bwki/plain-data';
import type { Quantity } from '@bwki/quota-calc';
import type { ClientCatalog } from './annotations/catalog.ts';
import { readClient } from './annotations/client.ts';
import { annotations as annotationNames } from './annotations/annotations.ts';
import { readFilters } from './annotations/filters.ts';
import { readHomes, type ContainerHomes } from './annotations/home.ts';
import { misplacedAnnotations, misspeltAnnotations } from './annotations/misspelt.ts';
import { readMode } from './annotations/mode.ts';
import { readNamedContainers, refuseUnknownNames } from './annotations/named-containers.ts';
import { PodAnnotations } from './annotations/pod-annotations.ts';
import { warnOfUnknownHome } from './annotations/unknown-homes.ts';
import type { FieldError } from './findings/field-error.ts';
import { FieldPath } from './findings/field-path.ts';
import type { Findings } from './findings/findings.ts';
import { notManaged } from './not-managed.ts';
import { refuseWindows, warnOfArchitecture } from './pod/platform.ts';
import type { PodLike } from './pod/pod.ts';
import { tooManyContainers } from './pod/pod-size.ts';
import { readPod, type PodReading } from './pod/read-pod.ts';
import type { ContainerGpuRequest, ParsedPod } from './pod/request.ts';
import { readContainerRequests } from './resources/container-requests.ts';
import { refusePodLevelGpus, warnOfLittleStorage, warnOfNodeGpus } from './resources/doubtful-resources.ts';

/** What is known beside the pod. */
export interface ParseOptions {
  /** The clients to choose from; its default is one of its entries. */
  readonly catalog: ClientCatalog;
  /** The memory of one GPU of the pool; undefined refuses requests for memory. */
  readonly totalMemory: Quantity | undefined;
  /** Where the pod's spec is in the object that the user wrote; `spec` by default. */
  readonly specPath?: FieldPath | undefined;
  /** Where its metadata is; `metadata` by default. */
  readonly metadataPath?: FieldPath | undefined;
}

const defaultSpecPath = FieldPath.root('spec');

const empty: JsonObject = Object.freeze({});
const none: ReadonlySet<string> = new Set();

/**
 * Reads what a pod asks of Bitfusion, and decodes it for the stages that follow. Every error is reported, none stops at
 * the first; a pod that asks for nothing and is not annotated has none, whatever else is wrong with it. Never throws:
 * any JSON value may stand behind the types.
 */
export function parsePod(pod: PodLike, options: ParseOptions): ParsedPod {
  const findings: Findings = { errors: [], warnings: [] };
  const { metadata, spec }: JsonObject = isJsonObject(pod) ? pod : empty;
  const podAnnotations = PodAnnotations.of(metadata, options.metadataPath, findings);
  const decode = (named: ReadonlySet<string>, read: unknown = spec): PodReading =>
    readPod(read, {
      specPath: options.specPath ?? defaultSpecPath,
      metadataPath: podAnnotations.metadataPath,
      annotations: podAnnotations.values,
      named,
    });
  // Nothing can change the mirror of a static pod, so it counts as empty.
  if (podAnnotations.isMirrorPod) return untouched(decode(none, null));

  const mode = readMode(podAnnotations, findings);
  const unmanaged = mode === 'none' ? decode(none) : undefined;
  if (unmanaged?.asksForGpu === false) return untouched(unmanaged, tooManyContainers(unmanaged, none));

  const client = readClient(podAnnotations, options.catalog, findings);
  const filters = readFilters(podAnnotations, client, findings);
  const homes = readHomes(podAnnotations, findings);
  const named = readNamedContainers(podAnnotations, mode, findings);
  const reading = unmanaged ?? decode(named);
  const { errors, warnings } = findings;
  errors.push(...reading.structureErrors);
  const tooMany = tooManyContainers(reading, named);
  if (tooMany !== undefined) return { request: undefined, errors: [tooMany], warnings, reading };

  refuseUnknownNames(podAnnotations, homes.listed, reading.containers, annotationNames.home, findings);
  refuseUnknownNames(podAnnotations, named, reading.containers, annotationNames.containers, findings);
  const containers = readContainerRequests(reading, named, homes, options.totalMemory, findings);
  refusePodLevelGpus(reading, findings);
  if (reading.asksForGpu || containers.length > 0) refuseWindows(reading, findings);
  warnOfAnnotations(podAnnotations, metadata, findings);
  if (mode === 'none') return notManaged(reading, findings);

  if (reading.asksForGpu || containers.length > 0) addShapeErrors(reading, findings);
  warnOfContainers(reading, containers, homes, findings);
  warnOfNodeGpus(reading, findings);
  if (containers.length > 0) {
    warnOfArchitecture(reading, client, findings);
    if (client?.kind === 'package') warnOfLittleStorage(reading, findings);
  }
  if (mode === undefined || client === undefined) return { request: undefined, errors, warnings, reading };
  return { request: { mode, client, filters, home: homes.path, containers }, errors, warnings, reading };
}

function untouched(reading: PodReading, error?: FieldError): ParsedPod {
  return { request: undefined, errors: error === undefined ? [] : [error], warnings: [], reading };
}

function warnOfAnnotations(podAnnotations: PodAnnotations, metadata: unknown, { warnings }: Findings): void {
  const { metadataPath, values } = podAnnotations;
  warnings.push(
    ...misspeltAnnotations(values, metadataPath.child('annotations')),
    ...misplacedAnnotations(
      metadata,
      metadataPath,
      ['labels'],
      (key) => Object.hasOwn(values, key),
      metadataPath.child('annotations').toString(),
    ),
  );
}

function addShapeErrors(reading: PodReading, { errors }: Findings): void {
  for (const error of reading.errors) errors.push(error);
  for (const container of reading.containers) for (const error of container.errors) errors.push(error);
}

function warnOfContainers(
  reading: PodReading,
  containers: readonly ContainerGpuRequest[],
  homes: ContainerHomes,
  findings: Findings,
): void {
  for (const { ref } of containers) {
    const place = reading.containerAt(ref);
    if (place !== undefined) warnOfUnknownHome(reading, place, homes, findings);
  }
}
