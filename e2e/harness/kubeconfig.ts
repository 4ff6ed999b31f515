import { writeFile } from 'node:fs/promises';

import { stringify } from 'yaml';

import type { CertificateAndKey } from './certificate-authority.ts';

/** Who a kubeconfig speaks for. */
export type Credentials =
  | { readonly kind: 'certificate'; readonly certificate: CertificateAndKey }
  | { readonly kind: 'token'; readonly token: string };

export interface KubeconfigOptions {
  /** `https://127.0.0.1:PORT` */
  readonly server: string;
  /** PEM of the CA that signed the server's certificate. */
  readonly ca: string;
  readonly credentials: Credentials;
}

/** Writes a kubeconfig with one context, everything inline, readable by its owner alone. */
export async function writeKubeconfig(file: string, options: KubeconfigOptions): Promise<void> {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const { credentials } = options;
  const user =
    credentials.kind === 'token'
      ? { token: credentials.token }
      : {
          'client-certificate-data': base64(credentials.certificate.cert),
          'client-key-data': base64(credentials.certificate.key),
        };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'e2e',
        cluster: { server: options.server, 'certificate-authority-data': base64(options.ca) },
      },
    ],
    users: [{ name: 'e2e', user }],
    contexts: [{ name: 'e2e', context: { cluster: 'e2e', user: 'e2e' } }],
    'current-context': 'e2e',
  };
  await writeFile(file, stringify(config), { mode: 0o600 });
}
