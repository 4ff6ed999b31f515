import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

import { err, ok, type Result } from '@bwki/plain-data';

/** A CA and the one certificate that it signed; they are made together and expire together. */
export interface Generation {
  /** PEM of the CA. Its private key is kept nowhere: it signs once. */
  readonly ca: string;
  /** PEM of the serving certificate. */
  readonly cert: string;
  /** PEM of the serving certificate's private key. */
  readonly key: string;
  /** When the later of the two certificates begins. */
  readonly notBefore: Date;
  /** When the earlier of the two certificates expires. */
  readonly notAfter: Date;
  /** SHA-256 of the serving certificate, hexadecimal: which one a replica serves. */
  readonly fingerprint: string;
}

export type GenerationPems = Pick<Generation, 'ca' | 'cert' | 'key'>;

/** @returns why the three do not belong together; an expired generation is none of these faults */
export function readGeneration({ ca, cert, key }: GenerationPems): Result<Generation, string> {
  const authority = readCertificate(ca);
  if (authority === undefined) return err('the CA is no certificate in PEM');
  const serving = readCertificate(cert);
  if (serving === undefined) return err('the serving certificate is none in PEM');
  const privateKey = attempt(() => createPrivateKey(key));
  if (privateKey === undefined) return err('the key is no private key in PEM');
  if (!serving.checkPrivateKey(privateKey)) return err('the key is not that of the serving certificate');
  if (!serving.verify(authority.publicKey)) return err('the CA did not sign the serving certificate');
  const notBefore = new Date(Math.max(beginningOf(authority), beginningOf(serving)));
  const notAfter = new Date(Math.min(expiryOf(authority), expiryOf(serving)));
  const fingerprint = createHash('sha256').update(serving.raw).digest('hex');
  return ok({ ca, cert, key, notBefore, notAfter, fingerprint });
}

/**
 * How long a generation lives from its making, in milliseconds.
 *
 * @param leewayMs how far before its making it begins
 */
export function lifeMsOf({ notBefore, notAfter }: Generation, leewayMs: number): number {
  return notAfter.getTime() - notBefore.getTime() - leewayMs;
}

/** Whether clients that call by any of these names or IP addresses accept the serving certificate. */
export function isFor({ cert }: Generation, names: readonly string[]): boolean {
  const serving = new X509Certificate(cert);
  return names.every(
    (name) => (isIP(name) === 0 ? serving.checkHost(name) : serving.checkIP(name)) !== undefined,
  );
}

/** @returns when a certificate expires; undefined for what is none in PEM */
export function expiryOfPem(pem: string): Date | undefined {
  const certificate = readCertificate(pem);
  return certificate === undefined ? undefined : new Date(expiryOf(certificate));
}

function readCertificate(pem: string): X509Certificate | undefined {
  return attempt(() => new X509Certificate(pem));
}

function beginningOf(certificate: X509Certificate): number {
  return Date.parse(certificate.validFrom);
}

function expiryOf(certificate: X509Certificate): number {
  return Date.parse(certificate.validTo);
}

/** `node:crypto` throws for what it cannot read, in many ways. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
