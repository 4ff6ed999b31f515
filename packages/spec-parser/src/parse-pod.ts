import { isJsonObject, type JsonObject } from '@bwki/plain-data';
import type { Quantity } from '@bwki/quota-calc';
import type { ClientCatalog } from './annotations/catalog.ts';
import { readClient } from './annotations/client.ts';
import { findAsking, readContainers } from './resources/containers.ts';
import { FieldPath } from './findings/field-path.ts';
import { readFilters } from './annotations/filters.ts';
import type { Findings } from './findings/findings.ts';
import { readHome } from './annotations/home.ts';
import { objectAt } from './pod/json.ts';
import { readMode } from './annotations/mode.ts';
import { readNamedContainers } from './annotations/named-containers.ts';
import { notManaged } from './not-managed.ts';
import { PodAnnotations } from './annotations/pod-annotations.ts';
import type { PodLike } from './pod/pod.ts';
import type { ParsedPod } from './pod/request.ts';
import { warnOfUnknownHomes } from './annotations/unknown-homes.ts';
import { refuseWindows } from './pod/windows.ts';

/** What is known beside the pod. */
export interface ParseOptions {
  /** The clients to choose from; its default is one of its entries. */
  readonly catalog: ClientCatalog;
  /** The memory of one GPU of the pool; undefined refuses requests for memory (B21). */
  readonly totalMemory: Quantity | undefined;
  /** Where the pod's spec is in the object that the user wrote; `spec` by default. */
  readonly specPath?: FieldPath;
  /** Where its metadata is; `metadata` by default. */
  readonly metadataPath?: FieldPath;
}

const defaultSpecPath = FieldPath.root('spec');

const empty: JsonObject = Object.freeze({});

const untouched: ParsedPod = Object.freeze({
  request: undefined,
  errors: Object.freeze([]),
  warnings: Object.freeze([]),
});

/**
 * Reads what a pod asks of Bitfusion (B1–B16). Every fault is reported, none stops at the first (B14); a pod that
 * asks for nothing and is not annotated has none, whatever else is wrong with it. Never throws: any JSON value may
 * stand behind the types.
 */
export function parsePod(pod: PodLike, options: ParseOptions): ParsedPod {
  const findings: Findings = { errors: [], warnings: [] };
  const { metadata, spec }: JsonObject = isJsonObject(pod) ? pod : empty;
  const specPath = options.specPath ?? defaultSpecPath;

  const podAnnotations = PodAnnotations.of(metadata, options.metadataPath, findings);
  if (podAnnotations.isMirrorPod) return untouched;
  const mode = readMode(podAnnotations, findings);
  const unserved = mode === 'none' ? findAsking(spec, specPath) : undefined;
  if (mode === 'none' && unserved === undefined) return untouched;

  const specObject = objectAt(spec, specPath, findings) ?? empty;
  const client = readClient(podAnnotations, options.catalog, findings);
  const filters = readFilters(podAnnotations, client, findings);
  const home = readHome(podAnnotations, findings);
  const named = readNamedContainers(podAnnotations, mode, specObject, findings);
  const containers = readContainers(specObject, specPath, named, options.totalMemory, findings);
  refuseWindows(specObject, specPath, containers, findings);
  if (unserved !== undefined) return notManaged(unserved, findings);

  if (!home.isGiven) warnOfUnknownHomes(specObject, specPath, containers, findings);
  const { errors, warnings } = findings;
  if (mode === undefined || mode === 'none' || client === undefined)
    return { request: undefined, errors, warnings };
  return { request: { mode, client, filters, home: home.path, containers }, errors, warnings };
}
