import type { Quantity } from '@bwki/quota-calc';
import type { ClientCatalog } from './catalog.ts';
import type { FieldPath } from './field-path.ts';
import type { PodLike } from './pod.ts';
import type { ParsedPod } from './request.ts';

/** What is known beside the pod. */
export interface ParseOptions {
  readonly catalog: ClientCatalog;
  /** The memory of one GPU of the pool; undefined refuses requests for memory (B21). */
  readonly totalMemory: Quantity | undefined;
  /** Where the pod's spec is in the object that the user wrote; `spec` by default. */
  readonly specPath?: FieldPath;
  /** Where its metadata is; `metadata` by default. */
  readonly metadataPath?: FieldPath;
}

/** Reads what a pod asks of Bitfusion; every fault in it is reported at once. */
export function parsePod(_pod: PodLike, _options: ParseOptions): ParsedPod {
  return { request: undefined, errors: [], warnings: [] };
}
