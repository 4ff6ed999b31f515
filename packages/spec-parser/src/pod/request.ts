import type { GpuRequest } from '@bwki/quota-calc';
import type { ClientEntry } from '../annotations/catalog.ts';
import type { FieldError } from '../findings/field-error.ts';
import type { Warning } from '../findings/warning.ts';
import type { ContainerRef } from './container-ref.ts';
import type { PodReading } from './read-pod.ts';

/** A container that gets the client and the token. */
export interface ContainerGpuRequest {
  readonly ref: ContainerRef;
  /** Undefined for a container that asks for nothing and is only named in `bitfusion-client/containers` (B4a). */
  readonly gpu: GpuRequest | undefined;
  /** What the container takes of the quota; 1 is 1 % of one GPU, 0 where it asks for nothing. */
  readonly units: bigint;
  /** Where the client finds `.bitfusion`: an absolute path without a slash at its end, or `/`. */
  readonly home: string;
}

/** What a pod asks of Bitfusion, everything resolved. */
export interface PodGpuRequest {
  /** `all`: the command is wrapped too. `injection`: everything but that (B1). */
  readonly mode: 'all' | 'injection';
  readonly client: ClientEntry;
  /** Items such as `key=value`, in the order given (B3). */
  readonly filters: readonly string[];
  /** The home of containers that name none of their own; each container's is in `containers`. */
  readonly home: string;
  /** Init containers first, each list in the pod's order; empty where nothing is asked for (B15). */
  readonly containers: readonly ContainerGpuRequest[];
}

/** A pod as it was understood. */
export interface ParsedPod {
  /**
   * Undefined where nothing is to be done (mode `none`, a mirror pod) or where the mode or the client cannot be
   * read. With errors it holds what could be read, so that the next stage can add its own faults (B14).
   */
  readonly request: PodGpuRequest | undefined;
  readonly errors: readonly FieldError[];
  readonly warnings: readonly Warning[];
  /** The pod as it was decoded, for the stages that follow. */
  readonly reading: PodReading;
}
