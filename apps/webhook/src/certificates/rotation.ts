import type { CertificateState, Replica } from './certificate-state.ts';
import { isFor } from './generation.ts';

/** What is to be done to the shared state, one step at a time. Each is safe whoever takes it, and whenever. */
export type RotationStep =
  /** Nothing, or nothing yet. */
  | { readonly kind: 'none' }
  /** There is nothing to serve: make a generation and serve it at once. */
  | { readonly kind: 'issue'; readonly reason: 'absent' | 'expired' }
  /** Make the next generation; its CA goes beside the current one. */
  | { readonly kind: 'announce'; readonly reason: 'due' | 'names' }
  /** Serve the next generation; the CA of the one before stays in the bundle. */
  | { readonly kind: 'promote' }
  /** Take the CA before out of the bundle. */
  | { readonly kind: 'retire'; readonly reason: 'acknowledged' | 'expired' };

export interface RotationConditions {
  readonly now: Date;
  readonly lifeMs: number;
  readonly names: readonly string[];
  /** Whether every API server has had the time to learn of the bundle as it is. */
  readonly isSettled: boolean;
}

export function nextStep(state: CertificateState, conditions: RotationConditions): RotationStep {
  const { now, lifeMs, names, isSettled } = conditions;
  const { previousCa } = state;
  const current = unexpired(state.current, now);
  const next = unexpired(state.next, now);
  if (current === undefined) {
    if (next !== undefined) return { kind: 'promote' };
    return { kind: 'issue', reason: state.current === undefined ? 'absent' : 'expired' };
  }
  if (next !== undefined) return { kind: isSettled ? 'promote' : 'none' };
  if (previousCa !== undefined) {
    if (previousCa.notAfter <= now) return { kind: 'retire', reason: 'expired' };
    const isServed = everyReplicaServes(current.fingerprint, state, conditions);
    return isSettled && isServed ? { kind: 'retire', reason: 'acknowledged' } : { kind: 'none' };
  }
  if (isDue(current.notAfter, now, lifeMs)) return { kind: 'announce', reason: 'due' };
  return isFor(current, names) ? { kind: 'none' } : { kind: 'announce', reason: 'names' };
}

/** At two thirds of the life, reckoned from its end, which the certificate itself tells. */
function isDue(notAfter: Date, now: Date, lifeMs: number): boolean {
  return now.getTime() >= notAfter.getTime() - lifeMs / 3;
}

/**
 * A replica that was not heard of for a sixth of the life has died: half of the time that is left from the beginning of
 * a rotation to the end of the old certificate.
 */
export function isAlive({ seen }: Replica, now: Date, lifeMs: number): boolean {
  return now.getTime() - seen.getTime() <= lifeMs / 6;
}

/** Whether a replica has to say again that it is there; five times as often as it could die of silence. */
export function hasToReport({ seen }: Replica, now: Date, lifeMs: number): boolean {
  return now.getTime() - seen.getTime() > lifeMs / 30;
}

function everyReplicaServes(
  fingerprint: string,
  { replicas }: CertificateState,
  { now, lifeMs }: RotationConditions,
): boolean {
  return [...replicas.values()].every(
    (replica) => replica.serves === fingerprint || !isAlive(replica, now, lifeMs),
  );
}

function unexpired<T extends { readonly notAfter: Date }>(one: T | undefined, now: Date): T | undefined {
  return one !== undefined && one.notAfter > now ? one : undefined;
}
