import type { Log } from '@bwki/daemon';
import { type Clock, systemClock } from '@bwki/timing';

import { failureText } from '../cluster/api-failure.ts';
import { type ClusterConnection, type ClusterRequest, userAgent } from '../cluster/cluster-connection.ts';
import { clusterListWatch } from '../cluster/cluster-list-watch.ts';
import { followObjects, type ObjectListener } from '../cluster/follow-objects.ts';
import type { Versioned } from '../cluster/list-watch.ts';
import { WatchReport } from '../cluster/watch-report.ts';
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
  readonly metadata: {
    readonly resourceVersion: string;
    readonly managedFields?: readonly { readonly manager?: string; readonly time?: string }[];
  };
  readonly webhooks?: readonly {
    readonly name: string;
    readonly clientConfig: { readonly caBundle?: string };
  }[];
}

const group = '/apis/admissionregistration.k8s.io/v1';
const places = {
  MutatingWebhookConfiguration: {
    collection: `${group}/mutatingwebhookconfigurations`,
    name: names.mutatingConfiguration,
  },
  ValidatingWebhookConfiguration: {
    collection: `${group}/validatingwebhookconfigurations`,
    name: names.validatingConfiguration,
  },
} as const;
const kinds = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'] as const;

export interface KubernetesCertificateApiOptions {
  /** Of the webhook and its secret. */
  readonly namespace: string;
  readonly log: Log;
  readonly clock?: Clock | undefined;
}

export function kubernetesCertificateApi(
  cluster: ClusterConnection,
  { namespace, log, clock = systemClock }: KubernetesCertificateApiOptions,
): CertificateApi {
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
          const read = await send<ConfigurationJson>({ method: 'GET', path: pathOf(kind), signal });
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
      await send({ method: 'PATCH', path: pathOf(kind), body, contentType, signal });
    },
    watchConfigurations: async (changed, signal) => {
      await Promise.all(
        kinds.map((kind) => {
          const { collection: path, name } = places[kind];
          const keep = (json: ConfigurationJson): KeptConfiguration => ({
            metadata: json.metadata,
            configuration: configuration(kind, json),
          });
          const collection = clusterListWatch<ConfigurationJson, KeptConfiguration>(
            cluster,
            { path, fieldSelector: `metadata.name=${name}`, pageSize: 1, keep },
            () => clock.random(),
          );
          const report = new WatchReport(log, 'webhook configurations', { configuration: kind });
          const listener: ObjectListener<KeptConfiguration> = {
            listed: (objects) => {
              for (const object of objects) changed(object.configuration);
            },
            put: (object) => {
              changed(object.configuration);
            },
            // Without a configuration there is nothing to write a bundle to.
            removed: () => undefined,
            failed: (step, failure) => {
              report.failed(step, failure);
            },
            opened: () => {
              report.opened();
            },
          };
          return followObjects({ collection, listener, clock, signal });
        }),
      );
    },
    warn: async (kind, message, signal) => {
      const time = new Date().toISOString();
      const event = {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { generateName: 'bwki-webhook-', namespace },
        // The configurations have no namespace, in which the webhook could record Events.
        involvedObject: { apiVersion: 'apps/v1', kind: 'Deployment', name: names.deployment, namespace },
        related: { apiVersion: 'admissionregistration.k8s.io/v1', kind, name: places[kind].name },
        type: 'Warning',
        reason: 'CABundleChanged',
        message,
        source: { component: 'bwki-webhook' },
        firstTimestamp: time,
        lastTimestamp: time,
        count: 1,
      };
      await send({ method: 'POST', path: `/api/v1/namespaces/${namespace}/events`, body: event, signal });
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

/** What is kept of a configuration that is watched. */
interface KeptConfiguration extends Versioned {
  readonly configuration: WebhookConfiguration;
}

function pathOf(kind: WebhookConfiguration['kind']): string {
  const { collection, name } = places[kind];
  return `${collection}/${name}`;
}

function configuration(kind: WebhookConfiguration['kind'], json: ConfigurationJson): WebhookConfiguration {
  return {
    kind,
    resourceVersion: json.metadata.resourceVersion,
    otherWriter: otherWriter(json),
    webhooks: (json.webhooks ?? []).map(({ name, clientConfig }) => ({
      name,
      caBundle: fromBase64(clientConfig.caBundle ?? ''),
    })),
  };
}

/** The one that wrote last: a field that somebody has removed is in nobody's list, so the fields do not tell. */
function otherWriter({ metadata: { managedFields = [] } }: ConfigurationJson): string | undefined {
  return managedFields
    .filter(({ manager }) => manager !== userAgent)
    .sort((a, b) => (b.time ?? '').localeCompare(a.time ?? ''))[0]?.manager;
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
