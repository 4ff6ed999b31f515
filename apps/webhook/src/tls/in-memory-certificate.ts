import 'reflect-metadata';

import { webcrypto } from 'node:crypto';

import * as x509 from '@peculiar/x509';

import type { CertificateSource } from './certificate-source.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const yearMs = 365 * 24 * 3600 * 1000;
/** For clocks that run behind. */
const leewayMs = 5 * 60 * 1000;

/** A certificate for this machine alone, signed by its own key, which is never written anywhere. */
export async function inMemoryCertificate(now: Date): Promise<CertificateSource> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const notBefore = new Date(now.getTime() - leewayMs);
  const notAfter = new Date(now.getTime() + yearMs);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=bwki-webhook standalone',
    notBefore,
    notAfter,
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
        { type: 'ip', value: '::1' },
      ]),
    ],
  });
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  const serving = {
    cert: certificate.toString('pem'),
    key: x509.PemConverter.encode(key, x509.PemConverter.PrivateKeyTag),
    notBefore,
    notAfter,
  };
  return {
    current: () => serving,
    onChange: () => ({ [Symbol.dispose]: () => undefined }),
  };
}
