import { annotations } from './annotations.ts';
import { invalid, tooLong } from '../findings/field-error.ts';
import type { Findings } from '../findings/findings.ts';
import type { PodAnnotations } from './pod-annotations.ts';

/** Root's home, which is right wherever an image does not choose another user. */
const defaultHome = '/root';

/** Leaves `<home>/.bitfusion/<file>` below the 4096 bytes of a path that Linux takes. */
const maxLength = 4000;

const controlCharacter = /\p{Cc}/u;

/** Where the client looks for `.bitfusion`. */
export interface Home {
  /** Absolute and normalised: no empty or `.` segment, no slash at the end. */
  readonly path: string;
  /** Whether the pod names it; the default does not fit a user who is not root. */
  readonly isGiven: boolean;
}

/** B4. The default, with an error, where the annotation's value cannot be a mount path. */
export function readHome(podAnnotations: PodAnnotations, findings: Findings): Home {
  const text = podAnnotations.read(annotations.home);
  if (text === undefined) return { path: defaultHome, isGiven: false };
  if (text.length > maxLength) {
    findings.errors.push(tooLong(podAnnotations.path(annotations.home), 'SPEC_HOME_TOO_LONG', maxLength));
    return { path: defaultHome, isGiven: true };
  }
  const segments = text.split('/').filter((segment) => segment !== '' && segment !== '.');
  const fault = faultOf(text, segments);
  if (fault === undefined) return { path: `/${segments.join('/')}`, isGiven: true };
  findings.errors.push(invalid(podAnnotations.path(annotations.home), 'SPEC_HOME_INVALID', text, fault));
  return { path: defaultHome, isGiven: true };
}

/** Why a directory cannot be mounted in this home; the rules of mount paths, in Kubernetes' words. */
function faultOf(text: string, segments: readonly string[]): string | undefined {
  if (!text.startsWith('/')) return 'must be an absolute path';
  if (segments.includes('..')) return "must not contain '..'";
  if (text.includes(':')) return "must not contain ':'";
  if (controlCharacter.test(text)) return 'must not contain control characters';
  if (segments.length === 0) return 'must not be the root directory';
  return undefined;
}
