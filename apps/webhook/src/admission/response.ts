import { formatWarning, type Warning } from '@bwki/spec-parser';

import type { AdmissionRequest, AdmissionReview } from './admission-review.ts';
import type { Decision } from './decision.ts';
import { invalidStatus, unavailableStatus, type Status } from './status.ts';

/** `AdmissionResponse`, as both versions have it. */
export interface AdmissionResponse {
  readonly uid: string;
  readonly allowed: boolean;
  readonly status?: Status;
  readonly patchType?: 'JSONPatch';
  /** Base64 of the JSON. */
  readonly patch?: string;
  readonly warnings?: readonly string[];
}

/** The API server shows 4096 characters of warnings in all; each has at most 120. */
const maxWarnings = 30;

/** The answer's text, in the version of the question. */
export function encodeResponse({ apiVersion, request }: AdmissionReview, decision: Decision): string {
  const response = responseTo(request, decision);
  return JSON.stringify({ kind: 'AdmissionReview', apiVersion, response });
}

export function responseTo(
  { uid, podName }: Pick<AdmissionRequest, 'uid' | 'podName'>,
  decision: Decision,
): AdmissionResponse {
  switch (decision.kind) {
    case 'ignored':
    case 'unserved':
      return { uid, allowed: true };
    case 'unchanged':
    case 'allowed':
      return { uid, allowed: true, ...warned(decision.warnings) };
    case 'mutated': {
      const patch = Buffer.from(decision.patch).toString('base64');
      return { uid, allowed: true, patchType: 'JSONPatch', patch, ...warned(decision.warnings) };
    }
    case 'denied':
      return {
        uid,
        allowed: false,
        status: invalidStatus(podName, decision.errors),
        ...warned(decision.warnings),
      };
    case 'unavailable':
      return { uid, allowed: false, status: unavailableStatus(decision.fault) };
  }
}

function warned(warnings: readonly Warning[]): Pick<AdmissionResponse, 'warnings'> {
  if (warnings.length === 0) return {};
  const texts = warnings.slice(0, maxWarnings).map(formatWarning);
  const rest = warnings.length - texts.length;
  return { warnings: rest > 0 ? [...texts, `and ${rest} more warnings`] : texts };
}
