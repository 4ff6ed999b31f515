import { X509Certificate } from 'node:crypto';

import type { ApiObject } from '../../harness/index.ts';

/** The webhook's certificate secret, as far as tests look at it. */
export interface CertificateSecret {
  readonly keys: readonly string[];
  readonly ca: string;
  readonly cert: string;
  readonly fingerprint: string;
  readonly replicas: Readonly<Record<string, { readonly serves: string; readonly seen: string }>>;
}

export function certificateSecret({ metadata, data }: ApiObject): CertificateSecret {
  const texts = data as Readonly<Record<string, string>>;
  const text = (key: string): string => Buffer.from(texts[key] ?? '', 'base64').toString();
  const fingerprint = new X509Certificate(text('tls.crt')).fingerprint256.replaceAll(':', '').toLowerCase();
  const annotation = metadata.annotations?.['bitfusion.io/serving-replicas'] ?? '{}';
  return {
    keys: Object.keys(texts),
    ca: text('ca.crt'),
    cert: text('tls.crt'),
    fingerprint,
    replicas: JSON.parse(annotation) as CertificateSecret['replicas'],
  };
}
