import type { Closers } from '@bwki/daemon';

import type { OwnCertificatesChoice } from '../certificates/open-own-certificates.ts';
import { certificateFiles, type CertificateFilesOptions } from './certificate-files.ts';
import type { CertificateSource } from './certificate-source.ts';

/** Which certificate is served. */
export type CertificateChoice =
  | { readonly kind: 'memory' }
  | { readonly kind: 'files'; readonly certFile: string; readonly keyFile: string }
  | OwnCertificatesChoice;

export interface OpenCertificatesOptions extends Omit<CertificateFilesOptions, 'certFile' | 'keyFile'> {
  /** Ends a start that waits for the API server. */
  readonly signal?: AbortSignal | undefined;
}

/** @param closers gets what ends the watching of files, or of the cluster */
export async function openCertificates(
  choice: CertificateChoice,
  options: OpenCertificatesOptions,
  closers: Closers,
): Promise<CertificateSource> {
  if (choice.kind === 'files') {
    const files = await certificateFiles({ ...options, ...choice });
    closers.add(() => {
      files[Symbol.dispose]();
    });
    return files;
  }
  // Loaded here, so that who brings files does not pay for the making of certificates.
  if (choice.kind === 'own') {
    const { openOwnCertificates } = await import('../certificates/open-own-certificates.ts');
    const own = await openOwnCertificates(choice, options);
    closers.add(() => own[Symbol.asyncDispose]());
    return own;
  }
  const { inMemoryCertificate } = await import('./in-memory-certificate.ts');
  return inMemoryCertificate(options.now());
}
