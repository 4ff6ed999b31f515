import { describe, expect, it } from 'vitest';

import { emptyState, type CertificateState, type Replica } from './certificate-state.ts';
import { issueGeneration } from './issue-generation.ts';
import { hasToReport, isAlive, nextStep } from './rotation.ts';

const start = new Date('2031-01-01T00:00:00Z');
const hour = 3600 * 1000;
const lifeMs = 90 * hour;
const leewayMs = hour;
const issue = (afterHours: number): ReturnType<typeof issueGeneration> =>
  issueGeneration({ names: ['svc', '10.0.0.1'], now: at(afterHours), lifeMs, leewayMs });

function at(hours: number): Date {
  return new Date(start.getTime() + hours * hour);
}

function reportOf(serves: string, hours: number): Replica {
  return { serves, seen: at(hours), until: at(hours + 15) };
}

const [first, second] = await Promise.all([issue(0), issue(60)]);
const stable: CertificateState = { ...emptyState, current: first };
const announced: CertificateState = { ...emptyState, current: first, next: second };
const promoted = (...replicas: readonly (readonly [string, string, number])[]): CertificateState => ({
  ...emptyState,
  current: second,
  previousCa: { pem: first.ca, notAfter: first.notAfter },
  replicas: new Map(replicas.map(([name, serves, hours]) => [name, reportOf(serves, hours)])),
});
const [old, fresh] = [first.fingerprint, second.fingerprint];
/** After a change from a longer life to a shorter one. */
const longAgo: CertificateState = {
  ...stable,
  previousCa: { pem: second.ca, notAfter: second.notAfter },
  replicas: new Map([['b', reportOf(fresh, 59)]]),
};

describe('B54: the next step of a rotation', () => {
  it.each<[string, CertificateState, number, boolean, string]>([
    ['nothing is there', emptyState, 0, true, 'issue absent'],
    ['only the next one is there', { ...emptyState, next: second }, 61, false, 'promote'],
    ['all has expired', announced, 151, true, 'issue expired'],
    ['the current one has expired', announced, 90, false, 'promote'],
    ['it is young', stable, 59.9, true, 'none'],
    ['two thirds of its life are over', stable, 60.1, false, 'announce due'],
    ['the next one is announced', announced, 61, false, 'none'],
    ['the next one is trusted everywhere', announced, 61, true, 'promote'],
    ['the next one has expired before it was used', { ...stable, next: first }, 90.1, true, 'issue expired'],
    ['one replica serves the old one', promoted(['a', fresh, 61], ['b', old, 61]), 61, true, 'none'],
    ['all serve the new one', promoted(['a', fresh, 61], ['b', fresh, 61]), 61, true, 'retire acknowledged'],
    ['all do, but not for long', promoted(['a', fresh, 61], ['b', fresh, 61]), 61, false, 'none'],
    [
      'the one that does not has died',
      promoted(['a', fresh, 76], ['b', old, 60]),
      76,
      true,
      'retire acknowledged',
    ],
    ['the one that does not is alive', promoted(['a', fresh, 76], ['b', old, 61.1]), 76, true, 'none'],
    ['the CA before has expired', promoted(['b', old, 90]), 90.1, false, 'retire expired'],
    ['a rotation is not over', promoted(['b', old, 140]), 89, true, 'none'],
    ['one replica still serves the old one, which lives on', longAgo, 60.1, true, 'announce due'],
  ])('%s', (_name, state, hours, isSettled, expected) => {
    const step = nextStep(state, { now: at(hours), lifeMs, leewayMs, names: ['svc'], isSettled });
    expect('reason' in step ? `${step.kind} ${step.reason}` : step.kind).toBe(expected);
  });

  it('announces a certificate for names that the current one lacks', () => {
    const conditions = { now: at(1), lifeMs, leewayMs, isSettled: true };
    expect(nextStep(stable, { ...conditions, names: ['svc', 'other'] })).toEqual({
      kind: 'announce',
      reason: 'names',
    });
    expect(nextStep(stable, { ...conditions, names: ['10.0.0.1'] })).toEqual({ kind: 'none' });
  });

  it.each<[string, CertificateState, number, string]>([
    ['a shorter life is set', stable, lifeMs / 3, 'announce life'],
    ['a longer one is set', stable, 2 * lifeMs, 'announce life'],
    ['about the same is set', stable, 1.05 * lifeMs, 'none'],
    ['a replica still serves the one before', promoted(['b', old, 1]), lifeMs / 3, 'none'],
  ])('replaces a certificate of another life, but in no hurry: %s', (_name, state, life, expected) => {
    const step = nextStep(state, { now: at(1), lifeMs: life, leewayMs, names: ['svc'], isSettled: true });
    expect('reason' in step ? `${step.kind} ${step.reason}` : step.kind).toBe(expected);
  });

  it('hears of a living replica five times before it would count as dead', () => {
    const replica = reportOf(old, 0);
    expect(hasToReport(replica, at(3), lifeMs)).toBe(false);
    expect(hasToReport(replica, at(3.1), lifeMs)).toBe(true);
    expect(isAlive(replica, at(15))).toBe(true);
    expect(isAlive(replica, at(15.1))).toBe(false);
  });
});
