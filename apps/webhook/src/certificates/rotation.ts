import type { CertificateState, Replica } from './certificate-state.ts';
import { isFor, lifeMsOf, type Generation } from './generation.ts';
import { silenceMs } from './rotation-schedule.ts';

/** What is to be done to the shared state, one step at a time. Each is safe whoever takes it, and whenever. */
export type RotationStep =
  /** Nothing, or nothing yet. */
  | { readonly kind: 'none' }
  /** There is nothing to serve: make a generation and serve it at once. */
  | { readonly kind: 'issue'; readonly reason: 'absent' | 'expired' }
  /** Make the next generation; its CA goes beside the current one. `life`: the current one's is not as it is set now. */
  | { readonly kind: 'announce'; readonly reason: 'due' | 'names' | 'life' }
  /** Serve the next generation; the CA of the one before stays in the bundle. */
  | { readonly kind: 'promote' }
  /** Take the CA before out of the bundle. */
  | { readonly kind: 'retire'; readonly reason: 'acknowledged' | 'expired' };

export interface RotationConditions {
  readonly now: Date;
  /** What certificates are to live from now on. */
  readonly lifeMs: number;
  /** How far before its making a certificate begins. */
  readonly leewayMs: number;
  readonly names: readonly string[];
  /** Whether every API server has had the time to learn of the bundle as it is. */
  readonly isSettled: boolean;
}

export function nextStep(state: CertificateState, conditions: RotationConditions): RotationStep {
  const { now, lifeMs, leewayMs, names, isSettled } = conditions;
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
    if (isSettled && everyReplicaServes(current.fingerprint, state, now)) {
      return { kind: 'retire', reason: 'acknowledged' };
    }
  }
  // Replicas are waited for, but not until the certificate that the others serve ends.
  if (isDue(current, now, leewayMs)) return { kind: 'announce', reason: 'due' };
  if (previousCa !== undefined) return { kind: 'none' };
  if (!isFor(current, names)) return { kind: 'announce', reason: 'names' };
  return livesAsLong(current, lifeMs, leewayMs) ? { kind: 'none' } : { kind: 'announce', reason: 'life' };
}

/** At two thirds of its own life: a replica that makes others is none the wiser about this one. */
function isDue(current: Generation, now: Date, leewayMs: number): boolean {
  return now.getTime() >= current.notAfter.getTime() - lifeMsOf(current, leewayMs) / 3;
}

/** A tenth more or less is as good, so that no rounding begins a rotation. */
function livesAsLong(current: Generation, lifeMs: number, leewayMs: number): boolean {
  return Math.abs(lifeMsOf(current, leewayMs) - lifeMs) <= lifeMs / 10;
}

/** A replica that was not heard of for as long as it had said has died. */
export function isAlive({ until }: Replica, now: Date): boolean {
  return now <= until;
}

/** Whether a replica has to say again that it is there; five times as often as it could die of silence. */
export function hasToReport({ seen }: Replica, now: Date, lifeMs: number): boolean {
  return now.getTime() - seen.getTime() > silenceMs(lifeMs) / 5;
}

function everyReplicaServes(fingerprint: string, { replicas }: CertificateState, now: Date): boolean {
  return [...replicas.values()].every((replica) => replica.serves === fingerprint || !isAlive(replica, now));
}

function unexpired<T extends { readonly notAfter: Date }>(one: T | undefined, now: Date): T | undefined {
  return one !== undefined && one.notAfter > now ? one : undefined;
}
