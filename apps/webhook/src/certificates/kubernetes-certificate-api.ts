import { failureText } from '../cluster/api-failure.ts';
import type { ClusterConnection, ClusterRequest } from '../cluster/cluster-connection.ts';
import { names } from '../kubernetes-objects/names.ts';
import {
  ApiFault,
  type CertificateApi,
  type NewSecret,
  type StoredSecret,
  type WebhookConfiguration,
} from './certificate-api.ts';

/** The parts that are read. */
interface SecretJson {
  readonly metadata: StoredSecret['metadata'];
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
}

interface ConfigurationJson {
  readonly metadata: { readonly resourceVersion: string };
  readonly webhooks?: readonly {
    readonly name: string;
    readonly clientConfig: { readonly caBundle?: string };
  }[];
}

const paths = {
  MutatingWebhookConfiguration: `/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/${names.mutatingConfiguration}`,
  ValidatingWebhookConfiguration: `/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/${names.validatingConfiguration}`,
} as const;
const kinds = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'] as const;

/** @param namespace of the webhook and its secret */
export function kubernetesCertificateApi(cluster: ClusterConnection, namespace: string): CertificateApi {
  const send = async <T = unknown>(request: ClusterRequest): Promise<T | undefined> => {
    const answer = await cluster.call<T>(request);
    if (answer.ok) return answer.value;
    const { status } = answer.error;
    if (status === 404 && request.method === 'GET') return undefined;
    const what = `${request.method} ${request.path}: ${failureText(answer.error)}`;
    throw new ApiFault(status === 409 ? 'conflict' : 'unavailable', what);
  };
  const secrets = `/api/v1/namespaces/${namespace}/secrets`;
  const secretPath = `${secrets}/${names.certificates}`;
  return {
    readSecret: async (signal) => {
      const secret = await send<SecretJson>({ method: 'GET', path: secretPath, signal });
      return secret === undefined
        ? undefined
        : { metadata: secret.metadata, type: secret.type, data: mapValues(secret.data ?? {}, fromBase64) };
    },
    createSecret: async (secret, signal) => {
      const metadata = { name: names.certificates, namespace, annotations: secret.annotations };
      const body = { metadata, type: 'kubernetes.io/tls', ...secretBody(secret) };
      await send({ method: 'POST', path: secrets, body, signal });
    },
    replaceSecret: async (secret, signal) => {
      const body = { metadata: secret.metadata, type: secret.type, ...secretBody(secret) };
      await send({ method: 'PUT', path: secretPath, body, signal });
    },
    readConfigurations: async (signal) => {
      const found = await Promise.all(
        kinds.map(async (kind) => {
          const read = await send<ConfigurationJson>({ method: 'GET', path: paths[kind], signal });
          return read === undefined ? [] : [configuration(kind, read)];
        }),
      );
      return found.flat();
    },
    writeBundle: async ({ kind, resourceVersion, webhooks }, bundle, signal) => {
      // Webhooks are told apart by their names, so that the patch changes nothing but their bundles.
      const clientConfig = { caBundle: Buffer.from(bundle).toString('base64') };
      const body = {
        metadata: { resourceVersion },
        webhooks: webhooks.map(({ name }) => ({ name, clientConfig })),
      };
      const contentType = 'application/strategic-merge-patch+json';
      await send({ method: 'PATCH', path: paths[kind], body, contentType, signal });
    },
  };
}

function secretBody({ data }: Pick<NewSecret, 'data'>): object {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    data: mapValues(data, (text) => Buffer.from(text).toString('base64')),
  };
}

function configuration(kind: WebhookConfiguration['kind'], json: ConfigurationJson): WebhookConfiguration {
  return {
    kind,
    resourceVersion: json.metadata.resourceVersion,
    webhooks: (json.webhooks ?? []).map(({ name, clientConfig }) => ({
      name,
      caBundle: fromBase64(clientConfig.caBundle ?? ''),
    })),
  };
}

function fromBase64(text: string): string {
  return Buffer.from(text, 'base64').toString();
}

function mapValues(
  record: Readonly<Record<string, string>>,
  change: (value: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
