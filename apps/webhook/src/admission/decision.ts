import type { FieldError, Warning } from '@bwki/spec-parser';

import type { TokenFault } from './token-copies.ts';

/**
 * What became of a request. `ignored` is none that is judged (B50a); `unserved` is of a namespace or pod that the
 * webhook does not serve; `unchanged` and `mutated` come from `/mutate`, `allowed` from `/validate`; `denied` is the
 * user's fault, `unavailable` the fault of what the decision or a mutated pod needs.
 */
export type Decision =
  | { readonly kind: 'ignored' | 'unserved' }
  | {
      readonly kind: 'unchanged';
      /** Whether the pod has the token's volume, as one that was injected before: its namespace needs the copy. */
      readonly mountsToken: boolean;
      readonly units: bigint;
      readonly warnings: readonly Warning[];
    }
  | {
      readonly kind: 'mutated';
      /** The text of the JSON patch. */
      readonly patch: string;
      /** What the pod takes of the quota; 1 is 1 % of one GPU. */
      readonly units: bigint;
      readonly warnings: readonly Warning[];
    }
  | { readonly kind: 'allowed'; readonly units: bigint; readonly warnings: readonly Warning[] }
  | { readonly kind: 'denied'; readonly errors: readonly FieldError[]; readonly warnings: readonly Warning[] }
  | { readonly kind: 'unavailable'; readonly fault: TokenFault };
