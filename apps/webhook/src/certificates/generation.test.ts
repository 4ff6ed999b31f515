import { X509Certificate } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { isFor, lifeMsOf, readGeneration } from './generation.ts';
import { issueGeneration } from './issue-generation.ts';

const now = new Date('2031-02-03T04:05:06.789Z');
const hour = 3600 * 1000;
const options = { names: ['svc.ns.svc', '10.0.0.7'], now, lifeMs: hour, leewayMs: hour };
const [one, other] = await Promise.all([issueGeneration(options), issueGeneration(options)]);

describe('a generation', () => {
  it('B54: has a CA that signs one serving certificate and may sign nothing but leaves', () => {
    const ca = new X509Certificate(one.ca);
    const serving = new X509Certificate(one.cert);
    expect(ca.ca).toBe(true);
    expect(serving.ca).toBe(false);
    expect(serving.checkIssued(ca)).toBe(true);
    expect(serving.verify(ca.publicKey)).toBe(true);
    expect(serving.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect([ca, serving].map(({ publicKey }) => publicKey.asymmetricKeyDetails?.namedCurve)).toEqual([
      'prime256v1',
      'prime256v1',
    ]);
  });

  it('B54: lives for its whole life, in whole seconds, from before its making', () => {
    expect(one.notAfter.toISOString()).toBe('2031-02-03T05:05:07.000Z');
    expect(Date.parse(new X509Certificate(one.cert).validFrom)).toBe(Date.parse('2031-02-03T03:05:06Z'));
    expect(Date.parse(new X509Certificate(one.ca).validTo)).toBe(one.notAfter.getTime());
    expect(one.notBefore.toISOString()).toBe('2031-02-03T03:05:06.000Z');
    expect(lifeMsOf(one, hour)).toBe(hour + 1000);
  });

  it('B54: keeps the private key of the CA nowhere', () => {
    expect(Object.keys(one).sort()).toEqual(['ca', 'cert', 'fingerprint', 'key', 'notAfter', 'notBefore']);
    expect(new X509Certificate(one.ca).publicKey.export({ format: 'jwk' })).not.toEqual(
      new X509Certificate(one.cert).publicKey.export({ format: 'jwk' }),
    );
  });

  it('is another one each time, also by the name of its CA', () => {
    expect(new X509Certificate(one.ca).subject).not.toBe(new X509Certificate(other.ca).subject);
    expect(one.fingerprint).not.toBe(other.fingerprint);
  });

  it.each([
    [['svc.ns.svc'], true],
    [['svc.ns.svc', '10.0.0.7'], true],
    [['10.0.0.8'], false],
    [['svc.ns.svc', 'svc'], false],
    [[], true],
  ])('is for %j: %s', (names, expected) => {
    expect(isFor(one, names)).toBe(expected);
  });

  it('is read again from what is stored', () => {
    expect(readGeneration(one)).toEqual({ ok: true, value: one });
  });

  it.each([
    ['no CA', { ...one, ca: '' }, 'the CA is no certificate in PEM'],
    ['no certificate', { ...one, cert: 'x' }, 'the serving certificate is none in PEM'],
    ['no key', { ...one, key: one.cert }, 'the key is no private key in PEM'],
    ['the key of another', { ...one, key: other.key }, 'the key is not that of the serving certificate'],
    ['the CA of another', { ...one, ca: other.ca }, 'the CA did not sign the serving certificate'],
  ])('is refused with %s', (_name, pems, error) => {
    expect(readGeneration(pems)).toEqual({ ok: false, error });
  });
});
