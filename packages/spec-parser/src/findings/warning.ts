import { cutEnd, cutMiddle, cutStart } from './cut.ts';

/** What a user should know although the pod is accepted. */
export interface Warning {
  /** Stable and documented. Where nothing is mutated (B16), the code of the fault that would be an error. */
  readonly code: string;
  /** The path of the field: `spec.containers[0].resources.limits`. */
  readonly field: string;
  /** What to know and what to do. Best understood without the field, of which only the end may be shown. */
  readonly message: string;
}

/** Kubernetes asks for warnings of at most 120 characters, and cuts long ones itself. */
const maxLength = 120;

/** A word of more characters is a name or a path that may be cut, to so many and, if need be, to fewer. */
const longWord = 40;
const cutLengths = [longWord, 16];

/** How much of a field is worth showing, and how much of it says the most: `limits[bitfusion.io/gpu-percent]`. */
const minField = 20;
const tellingField = 44;

const controlCharacters = /\p{C}+/gu;

/**
 * `<field>: <message>` in at most 120 characters. What makes it longer goes in this order, so that the useful part
 * stays: the middles of long words (names of 253 characters are allowed), the beginning of the field, and last the
 * end of the message.
 */
export function formatWarning(warning: Warning): string {
  const field = printable(warning.field);
  const message = printable(warning.message);
  if (field.length + message.length + 2 <= maxLength) return `${field}: ${message}`;
  for (const length of cutLengths) {
    const shorter = cutLongWords(message, length);
    const room = maxLength - shorter.length - 2;
    if (room >= Math.min(minField, field.length)) return `${cutStart(field, room)}: ${shorter}`;
    if (shorter.length <= maxLength) return shorter;
  }
  const start = `${cutStart(field, tellingField)}: `;
  return start + cutEnd(message, maxLength - start.length);
}

/** A warning travels in an HTTP header, which takes no control characters. */
function printable(text: string): string {
  return text.replace(controlCharacters, ' ');
}

function cutLongWords(text: string, length: number): string {
  const words = text.split(' ');
  return words.map((word) => (word.length > longWord ? cutMiddle(word, length) : word)).join(' ');
}
