import { request } from 'node:https';
import { json } from 'node:stream/consumers';

import type { Webhook } from '@bwki/webhook';

import type { ApiObject } from '../../harness/index.ts';

export interface ForgedAnswer {
  readonly allowed: boolean;
  readonly patch?: string;
  readonly status?: { readonly code: number; readonly message: string };
}

/** Posts a review of the creation of a pod, as anybody can who reaches the webhook's port. */
export async function forgedReview(
  { url, caBundle }: Pick<Webhook, 'url' | 'caBundle'>,
  { path, namespace, pod }: { readonly path: string; readonly namespace: string; readonly pod: ApiObject },
): Promise<ForgedAnswer> {
  const review = {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: 'forged',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      operation: 'CREATE',
      namespace,
      object: pod,
    },
  };
  const { promise, resolve, reject } = Promise.withResolvers<ForgedAnswer>();
  const sent = request(
    new URL(path, url),
    { method: 'POST', ca: caBundle, headers: { 'Content-Type': 'application/json' } },
    (answer) => {
      json(answer).then((body) => {
        resolve((body as { readonly response: ForgedAnswer }).response);
      }, reject);
    },
  );
  sent.on('error', reject);
  sent.end(JSON.stringify(review));
  return promise;
}
