import type { PodLike } from '@bwki/spec-parser';

/**
 * `unserved`: there is a namespace of that name, and the selector leaves it out. `unknown`: the API server could not be
 * asked.
 */
export type NamespaceVerdict = 'served' | 'unserved' | 'missing' | 'unknown';

/** Which pods the webhook serves, as its configurations tell the API server. */
export interface NamespaceSelection {
  /**
   * Whether a namespace is served. Answered at once where it is known to be; the API server is asked otherwise.
   *
   * @param deadline made only where the API server has to be asked
   */
  lookUp(namespace: string, deadline: () => AbortSignal): NamespaceVerdict | Promise<NamespaceVerdict>;
  /** Whether the object selector selects a pod, by its labels. */
  selectsPod(pod: PodLike): boolean;
}
