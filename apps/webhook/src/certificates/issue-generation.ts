import 'reflect-metadata';

import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';

import * as x509 from '@peculiar/x509';

import { readGeneration, type Generation } from './generation.ts';

export interface IssueOptions {
  /** DNS names and IP addresses by which the webhook is called. */
  readonly names: readonly string[];
  readonly now: Date;
  /** From now to the end. */
  readonly lifeMs: number;
  /** How far before now it begins, for API servers whose clocks run behind. */
  readonly leewayMs: number;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** Makes a CA, lets it sign one serving certificate, and forgets the CA's key. */
export async function issueGeneration(options: IssueOptions): Promise<Generation> {
  const { names, now, lifeMs, leewayMs } = options;
  const validity = {
    notBefore: new Date(now.getTime() - leewayMs),
    // A certificate has whole seconds; never does it end before its life does.
    notAfter: new Date(Math.ceil((now.getTime() + lifeMs) / 1000) * 1000),
  };
  const [caKeys, keys] = await Promise.all([generateKeys(), generateKeys()]);
  // Each CA has a name of its own, so that a client which knows several looks at the right one.
  const issuer = `CN=bwki-webhook CA ${randomBytes(8).toString('hex')}`;
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: issuer,
    ...validity,
    keys: caKeys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(caKeys.publicKey),
    ],
  });
  const serving = await x509.X509CertificateGenerator.create({
    subject: 'CN=bwki-webhook',
    issuer,
    ...validity,
    publicKey: keys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(caKeys.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  const generation = readGeneration({
    ca: pem(ca.toString('pem')),
    cert: pem(serving.toString('pem')),
    key: pem(x509.PemConverter.encode(key, x509.PemConverter.PrivateKeyTag)),
  });
  if (!generation.ok) throw new Error(`a certificate of our own making: ${generation.error}`);
  return generation.value;
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

/** With the line end that makes PEM texts a bundle when they are put one behind the other. */
function pem(text: string): string {
  return `${text.trim()}\n`;
}
