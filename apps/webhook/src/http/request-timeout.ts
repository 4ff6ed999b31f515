/** How long an API server waits for a webhook at most, and where it does not say. */
const longestMs = 30_000;
const usualMs = 10_000;

/** The share of the time that is ours: the rest is for the answer's way back. */
const ourShare = 0.9;

const unitsInMs: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
const goDuration = /^(?:\d{1,6}(?:\.\d{1,9})?(?:h|ms|m|s))+$/;
const goDurationPart = /(\d{1,6}(?:\.\d{1,9})?)(h|ms|m|s)/g;

/**
 * Milliseconds that a request may take. The API server says how long it waits in the query (`?timeout=10s`, a
 * duration as Go writes it); what cannot be read counts as the API server's default.
 */
export function requestTimeoutMs(query: string): number {
  const text = new URLSearchParams(query).get('timeout') ?? '';
  const asked = goDuration.test(text) ? sumOfParts(text) : 0;
  return Math.min(asked > 0 ? asked : usualMs, longestMs) * ourShare;
}

function sumOfParts(text: string): number {
  let sum = 0;
  for (const [, amount = '', unit = ''] of text.matchAll(goDurationPart)) {
    sum += Number(amount) * (unitsInMs[unit] ?? 0);
  }
  return sum;
}
