import type { Policy } from '@bwki/pod-mutator';

/** The policy as it stands now (B56). Asked anew for each request. */
export interface PolicySource {
  current(): Policy;
}
