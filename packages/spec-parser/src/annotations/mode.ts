import { annotations } from './annotations.ts';
import { notSupported } from '../findings/field-error.ts';
import type { Findings } from '../findings/findings.ts';
import type { PodAnnotations } from './pod-annotations.ts';

/** How much of a pod is managed (B1): everything, everything but the command, nothing. */
export type Mode = 'all' | 'injection' | 'none';

/** Each mode with the words of YAML 1.1 for yes and no, which the first releases of the original took. */
const modes: ReadonlyMap<string, Mode> = new Map<string, Mode>([
  ['all', 'all'],
  ['y', 'all'],
  ['yes', 'all'],
  ['true', 'all'],
  ['on', 'all'],
  ['injection', 'injection'],
  ['none', 'none'],
  ['n', 'none'],
  ['no', 'none'],
  ['false', 'none'],
  ['off', 'none'],
]);

/** B1. Undefined, with an error, for a value that is no mode: nobody can tell what was meant. */
export function readMode(podAnnotations: PodAnnotations, findings: Findings): Mode | undefined {
  const errorsBefore = findings.errors.length;
  const text = podAnnotations.read(annotations.mode);
  if (text === undefined) return findings.errors.length === errorsBefore ? 'none' : undefined;
  const mode = modes.get(text.toLowerCase());
  if (mode === undefined) {
    const path = podAnnotations.path(annotations.mode);
    findings.errors.push(notSupported(path, 'SPEC_MODE_UNSUPPORTED', text, ['all', 'injection', 'none']));
  }
  return mode;
}
