import type { ApiClient } from './api-client.ts';
import { writeKubeconfig } from './kubeconfig.ts';

export interface ServiceAccountOptions {
  readonly namespace: string;
  readonly name: string;
  /** `https://127.0.0.1:PORT` */
  readonly server: string;
  readonly ca: string;
  /** Where the kubeconfig is written. */
  readonly file: string;
}

/**
 * A kubeconfig that speaks as the ServiceAccount, by a token of an hour (TokenRequest). The account has to be there,
 * and what it may do is what the caller has bound to it.
 */
export async function writeServiceAccountKubeconfig(
  api: ApiClient,
  options: ServiceAccountOptions,
): Promise<string> {
  const path = `/api/v1/namespaces/${options.namespace}/serviceaccounts/${options.name}/token`;
  const { body } = await api.send<{ readonly status: { readonly token: string } }>('POST', path, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: 3600 },
  });
  await writeKubeconfig(options.file, {
    server: options.server,
    ca: options.ca,
    credentials: { kind: 'token', token: body.status.token },
  });
  return options.file;
}
