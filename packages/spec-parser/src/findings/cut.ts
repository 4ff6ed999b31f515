const ellipsis = '...';

/**
 * The text itself if it has at most `max` characters (UTF-16 units), else its beginning and its end around `...`,
 * `max` characters at most: the ends of a long name or path tell it from its neighbours. Never parts a surrogate
 * pair. `max` is at least 5.
 */
export function cutMiddle(text: string, max: number): string {
  if (text.length <= max) return text;
  const kept = max - ellipsis.length;
  const head = text.slice(0, Math.ceil(kept / 2));
  const tail = text.slice(text.length - Math.floor(kept / 2));
  return withoutHighSurrogate(head) + ellipsis + withoutLowSurrogate(tail);
}

/** The text itself if it has at most `max` characters (UTF-16 units), else its beginning and `...`. */
export function cutEnd(text: string, max: number): string {
  if (text.length <= max) return text;
  return withoutHighSurrogate(text.slice(0, max - ellipsis.length)) + ellipsis;
}

/** The text itself if it has at most `max` characters (UTF-16 units), else `...` and its end. */
export function cutStart(text: string, max: number): string {
  if (text.length <= max) return text;
  return ellipsis + withoutLowSurrogate(text.slice(text.length - (max - ellipsis.length)));
}

/** Without the half of a pair that a cut left at the end. */
function withoutHighSurrogate(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text;
}

/** Without the half of a pair that a cut left at the beginning. */
function withoutLowSurrogate(text: string): string {
  const first = text.charCodeAt(0);
  return first >= 0xdc00 && first <= 0xdfff ? text.slice(1) : text;
}
