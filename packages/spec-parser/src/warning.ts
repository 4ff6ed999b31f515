import { cutEnd, cutMiddle } from './cut.ts';

/** What a user should know although the pod is accepted. */
export interface Warning {
  /** Stable and documented. Where nothing is mutated (B16), the code of the fault that would be an error. */
  readonly code: string;
  /** The path of the field: `spec.containers[0].resources.limits`. */
  readonly field: string;
  /** A sentence that is understood without the field. */
  readonly message: string;
}

/** Kubernetes asks for warnings of at most 120 characters, and cuts long ones itself. */
const maxLength = 120;

/** Names (of containers, paths, images) are cut to this in a warning that is too long, and to the second if need be. */
const nameLengths = [40, 16];

const controlCharacters = /\p{C}+/gu;

/**
 * `<field>: <message>` in at most 120 characters. What makes it too long goes in this order, so that the useful part
 * stays: the middles of long words (names of 253 characters are allowed), the field, the end.
 */
export function formatWarning(warning: Warning): string {
  // A warning travels in an HTTP header, which takes no control characters.
  const message = warning.message.replace(controlCharacters, ' ');
  const whole = `${warning.field}: ${message}`;
  if (whole.length <= maxLength) return whole;
  for (const length of nameLengths) {
    const shorter = cutWords(message, length);
    const withField = `${warning.field}: ${shorter}`;
    if (withField.length <= maxLength) return withField;
    if (shorter.length <= maxLength) return shorter;
  }
  return cutEnd(cutWords(message, nameLengths[nameLengths.length - 1] ?? maxLength), maxLength);
}

function cutWords(text: string, length: number): string {
  return text
    .split(' ')
    .map((word) => cutMiddle(word, length))
    .join(' ');
}
