import type { Closers } from '../closers.ts';
import { certificateFiles, type CertificateFilesOptions } from './certificate-files.ts';
import type { CertificateSource } from './certificate-source.ts';

/** Which certificate is served. */
export type CertificateChoice =
  | { readonly kind: 'memory' }
  | { readonly kind: 'files'; readonly certFile: string; readonly keyFile: string };

/** @param closers gets what ends the watching of files */
export async function openCertificates(
  choice: CertificateChoice,
  options: Omit<CertificateFilesOptions, 'certFile' | 'keyFile'>,
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
  const { inMemoryCertificate } = await import('./in-memory-certificate.ts');
  return inMemoryCertificate(options.now());
}
