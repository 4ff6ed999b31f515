import { createPrivateKey, X509Certificate } from 'node:crypto';

import { type Log, StartFault } from '@bwki/daemon';
import { err, ok, type Result } from '@bwki/plain-data';

import type { Metrics } from '../metrics.ts';
import { readTexts, watchFiles, type FileTexts } from '../watch-file.ts';
import type { CertificateSource, ServingCertificate } from './certificate-source.ts';

export interface CertificateFilesOptions {
  readonly certFile: string;
  readonly keyFile: string;
  readonly pollMs: number;
  readonly now: () => Date;
  readonly log: Log;
  readonly metrics: Metrics;
}

/**
 * A certificate that somebody else writes, such as cert-manager, taken anew when its files change. What cannot be
 * served, an expired one too, is refused, and the one before stays; there is none before at the start, which then
 * fails with a `StartFault`.
 */
export async function certificateFiles(
  options: CertificateFilesOptions,
): Promise<CertificateSource & Disposable> {
  const { certFile, keyFile, pollMs, now, log, metrics } = options;
  const paths = [certFile, keyFile];
  const texts = await readTexts(paths);
  const first = readPair(texts, paths, now());
  if (!first.ok) throw new StartFault([first.error]);

  let current = first.value;
  const listeners = new Set<(certificate: ServingCertificate) => void>();
  const watch = watchFiles({
    paths,
    texts,
    intervalMs: pollMs,
    onChange: (changed) => {
      const next = readPair(changed, paths, now());
      metrics.certificateReloads.inc({ outcome: next.ok ? 'loaded' : 'refused' });
      if (!next.ok) {
        log.error(
          { fault: next.error, notAfter: current.notAfter },
          'certificate refused, the last one stays',
        );
        return;
      }
      current = next.value;
      log.info({ notAfter: current.notAfter }, 'certificate loaded');
      for (const listener of listeners) listener(current);
    },
  });
  return {
    current: () => current,
    onChange: (listener) => {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    [Symbol.dispose]: () => {
      watch[Symbol.dispose]();
    },
  };
}

function readPair(
  texts: FileTexts,
  [certFile = '', keyFile = '']: readonly string[],
  now: Date,
): Result<ServingCertificate, string> {
  const [cert, key] = texts;
  if (typeof cert !== 'string') return err(`${certFile}: cannot be read (${cert?.code ?? 'unknown'})`);
  if (typeof key !== 'string') return err(`${keyFile}: cannot be read (${key?.code ?? 'unknown'})`);
  const certificate = attempt(() => new X509Certificate(cert));
  if (certificate === undefined) return err(`${certFile}: holds no certificate in PEM`);
  const privateKey = attempt(() => createPrivateKey(key));
  if (privateKey === undefined) return err(`${keyFile}: holds no private key in PEM`);
  if (!certificate.checkPrivateKey(privateKey)) return err(`${keyFile}: is not the key of ${certFile}`);
  const notAfter = new Date(certificate.validTo);
  if (notAfter <= now) return err(`${certFile}: expired at ${notAfter.toISOString()}`);
  return ok({ cert, key, notBefore: new Date(certificate.validFrom), notAfter });
}

/** `node:crypto` throws for what it cannot read, in many ways. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
