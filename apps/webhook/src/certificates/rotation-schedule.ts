/**
 * When what happens in a rotation; all times are milliseconds. Everything follows from the life of the certificates and
 * from the certificate that is served, so that replicas with different settings, as there are during an update, agree.
 * A certificate is replaced from two thirds of its life on. The shortest one, from its making to its end:
 *
 * | after (s)    |                                                                                               |
 * | ------------ | --------------------------------------------------------------------------------------------- |
 * | 20.0 to 20.3 | the next look: the next CA is stored, and written to both configurations                      |
 * | 25.0 to 25.4 | half of what was left is over, in which API servers learn of it: the next certificate is served |
 * | 25.7         | the other replicas have had their look, and serve it                                          |
 * | 30.0         | its end: 4 s were left for calls that take their time, and for clocks that differ             |
 */
const second = 1000;
const day = 24 * 3600 * second;

export const defaultLifeMs: number = 90 * day;

/** With less, there is no time in a rotation for API servers to learn of a CA, and for slow calls and clocks. */
export const leastLifeMs: number = 30 * second;

/** Ten years. */
export const greatestLifeMs: number = 3650 * day;

/** How far before its making a certificate begins, for API servers whose clocks run behind. */
export const defaultLeewayMs: number = 3600 * second;

/**
 * How long API servers are given to act on changed configurations: they learn of them by a watch of their own, which
 * nobody else can see. 5 minutes; with a life of less than half an hour, a sixth of that.
 */
export function defaultSettleMs(lifeMs: number): number {
  return Math.min(300 * second, lifeMs / 6);
}

/** From one look at the cluster to the next. */
export function defaultLookMs(lifeMs: number): number {
  return Math.min(5 * second, lifeMs / 30);
}

/** The same while a certificate is served that ends soon, also one of a shorter life than these are to have. */
export function lookMsBefore(notAfter: Date, now: Date, lookMs: number): number {
  const leftMs = notAfter.getTime() - now.getTime();
  return Math.min(lookMs, Math.max(leftMs / 30, second / 4));
}

/** What of the time to settle there is before a certificate ends: half, so that the replicas have the other half. */
export function settleMsBefore(notAfter: Date, since: Date, settleMs: number): number {
  return Math.min(settleMs, (notAfter.getTime() - since.getTime()) / 2);
}

/**
 * How long a replica may be silent before it counts as dead, which it says itself: half of the time from the beginning
 * of a rotation to the end of the old certificate. No less than a minute, since the end of a certificate of a short life
 * is soon enough.
 */
export function silenceMs(lifeMs: number): number {
  return Math.max(60 * second, lifeMs / 6);
}

/** Of replicas of versions that do not say it: certificates lived 90 days then. */
export const formerSilenceMs: number = silenceMs(defaultLifeMs);
