import { once } from 'node:events';
import { createServer } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { JsonPatchOperation } from '@bwki/pod-mutator';

import { createCertificateAuthority, poll, type ApiObject, type ControlPlane } from '../../harness/index.ts';

export interface SecondWebhookOptions {
  /** Only pods of this namespace are sent to it. */
  readonly namespace: string;
  /** Of its configuration. Without one its name puts it behind ours. */
  readonly name?: string;
  /** What it does to a pod; undefined for nothing. */
  readonly patch: (pod: ApiObject) => readonly JsonPatchOperation[] | undefined;
}

/**
 * A mutating webhook of someone else. The API server calls them in the order of their configurations' names; this one is
 * not called a second time.
 */
export async function startSecondWebhook(
  plane: ControlPlane,
  { namespace, name = `zz-second-${namespace}`, patch }: SecondWebhookOptions,
): Promise<AsyncDisposable> {
  const authority = await createCertificateAuthority();
  const server = createServer(
    await authority.issueServing(['localhost'], ['127.0.0.1']),
    (request, response) => {
      void readJson(request).then((review) => {
        const { uid, object } = review.request;
        const operations = isProbe(object) ? probeSeen : patch(object);
        const answer = operations && {
          patchType: 'JSONPatch',
          patch: Buffer.from(JSON.stringify(operations)).toString('base64'),
        };
        const { apiVersion, kind } = review;
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ apiVersion, kind, response: { uid, allowed: true, ...answer } }));
      });
    },
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');

  const configuration = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name },
    webhooks: [
      {
        name: 'second.example.com',
        clientConfig: {
          url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/`,
          caBundle: Buffer.from(authority.cert).toString('base64'),
        },
        rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] }],
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        reinvocationPolicy: 'Never',
        sideEffects: 'None',
        failurePolicy: 'Fail',
        admissionReviewVersions: ['v1'],
      },
    ],
  };
  await plane.api.create(configuration);
  await poll(() => isCalled(plane, namespace), {
    what: 'the API server to call the second webhook',
    within: 10_000,
  });
  return {
    async [Symbol.asyncDispose]() {
      await plane.api.remove(configuration);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Review {
  readonly apiVersion: string;
  readonly kind: string;
  readonly request: { readonly uid: string; readonly object: ApiObject };
}

async function readJson(request: IncomingMessage): Promise<Review> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as Review;
}

/** A pod that only asks whether the webhook is called yet. */
const isProbe = ({ metadata }: ApiObject): boolean => metadata.labels?.['probe'] === 'sent';
const probeSeen: readonly JsonPatchOperation[] = [
  { op: 'replace', path: '/metadata/labels/probe', value: 'seen' },
];

async function isCalled({ api }: ControlPlane, namespace: string): Promise<true | undefined> {
  const { body } = await api.create(
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { generateName: 'probe-', namespace, labels: { probe: 'sent' } },
      spec: { containers: [{ name: 'main', image: 'busybox' }] },
    },
    { dryRun: true },
  );
  return body.metadata.labels?.['probe'] === 'seen' ? true : undefined;
}
