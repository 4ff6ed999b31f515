/** What the pool has for this node, as far as it is known. */
export interface Capacity {
  /** Units of the resource; 1 is 1 % of one GPU. 0 as long as no pool has answered. */
  readonly units: number;
  /** Whether the pool can be reached; while it cannot, the units are there but must not be given out. */
  readonly isReachable: boolean;
}

/** Follows the capacity: as it stands first, then each change, until the signal ends it. */
export type CapacitySource = (signal: AbortSignal) => AsyncIterable<Capacity>;
