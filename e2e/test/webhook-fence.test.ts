/** What an attacker can do with the token of the webhook's own account, where the chart's fence is in force. */
import { fenceObjects, objectNames, rbacObjects, webhookConfigurations } from '@bwki/webhook';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  createApiClient,
  poll,
  type ApiClient,
  type ApiObject,
  type ControlPlane,
} from '../harness/index.ts';
import { hasOwnControlPlane, ownControlPlane } from './support/open-cluster.ts';
import { refusalOf } from './support/refusal-of.ts';
import { tokenData, tokenSecret } from './support/token-copies.ts';

const { namespace: home, deployment, certificates, mutatingConfiguration } = objectNames;
const label = { 'bwki.bitfusion.io/token-copy': 'true' };
const mark = { 'bwki.bitfusion.io/token-copy-mark': 'a'.repeat(43) };
const stolen = { ...mark, 'kubernetes.io/service-account.name': 'default' };

describe.runIf(hasOwnControlPlane())("B73: the webhook's own account", () => {
  let plane: ControlPlane;
  let account: ApiClient;
  let team: string;
  const { mutating, validating } = webhookConfigurations({
    address: { kind: 'service' },
    hasMatchConditions: true,
  });

  beforeAll(async () => {
    plane = await ownControlPlane({ controllers: false });
    await plane.createNamespace(home, { exact: true });
    team = await plane.createNamespace('team');
    const rbac = rbacObjects({ tokenSecrets: [tokenSecret], ownCertificates: true, resourceOffers: false });
    const fence = fenceObjects({ tokenSecrets: [tokenSecret], tokenNamespace: 'kube-system' });
    const objects: readonly unknown[] = [
      Object.values(rbac),
      Object.values(fence),
      mutating,
      validating,
    ].flat();
    for (const object of objects) await plane.api.create(object as ApiObject);
    account = createApiClient(await plane.serviceAccountKubeconfig(home, deployment));
    // Roles and policies are acted on a moment after they are stored.
    const isFenced = async (send: () => Promise<unknown>): Promise<true | undefined> =>
      (await refusalOf(send())).message.includes('ValidatingAdmissionPolicy') ? true : undefined;
    const within = 20_000;
    await poll(() => isFenced(() => account.create(secret({ name: 'other' }), { dryRun: true })), {
      what: 'the policy of secrets',
      within,
    });
    await poll(() => isFenced(() => patch({ metadata: { labels: { a: 'b' } } }, '?dryRun=All')), {
      what: 'the policy of webhook configurations',
      within,
    });
  });
  afterAll(() => plane[Symbol.asyncDispose]());

  function secret(metadata: object = {}, more: object = {}): ApiObject {
    return {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: tokenSecret, namespace: team, labels: label, annotations: mark, ...metadata },
      type: 'Opaque',
      data: tokenData('1'),
      ...more,
    };
  }

  /** With the verb and the content type that the webhook itself has. */
  function patch(body: object, query = ''): Promise<unknown> {
    const path = `/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/${mutatingConfiguration}${query}`;
    return account.send('PATCH', path, body, 'application/strategic-merge-patch+json');
  }
  const patchWebhook = (fields: object): Promise<unknown> =>
    patch({ webhooks: [{ name: 'mutation.bitfusion.io', ...fields }] });

  it.each<[what: string, metadata: object, more: object]>([
    [
      'a service account token, by the name of the token',
      { annotations: stolen },
      { type: 'kubernetes.io/service-account-token', data: {} },
    ],
    ['that type without data or annotation', {}, { type: 'bootstrap.kubernetes.io/token' }],
    ['the annotation of a service account', { annotations: stolen }, {}],
    ['a secret of another name', { name: 'registry' }, {}],
    ['a name that the API server completes', { name: undefined, generateName: tokenSecret }, {}],
    ['a copy without the label', { labels: {} }, {}],
    ['a copy without the mark', { annotations: {} }, {}],
    ['a copy whose mark is none', { annotations: { 'bwki.bitfusion.io/token-copy-mark': 'true' } }, {}],
    ['a copy with another value of the label', { labels: { 'bwki.bitfusion.io/token-copy': 'x' } }, {}],
    ['the source of the token', { namespace: 'kube-system' }, {}],
    ['its certificates in another namespace', { name: certificates }, {}],
    ['an own secret that names an account', { name: certificates, namespace: home, annotations: stolen }, {}],
    ['an own secret of another type', { name: certificates, namespace: home }, { type: 'example.com/x' }],
    ['a finalizer', { finalizers: ['example.com/stay'] }, {}],
  ])('creates no secret: %s', async (_, metadata, more) => {
    const { message } = await refusalOf(account.create(secret(metadata, more)));
    expect(message).toMatch(/ValidatingAdmissionPolicy 'bitfusion-webhook-secrets'.*denied request/);
  });

  it('creates and updates a copy of the token, and its own certificates', async () => {
    await account.create(secret());
    await account.replace(secret({}, { data: tokenData('2') }));
    const own = secret({ name: certificates, namespace: home, labels: {} });
    await account.create({ ...own, type: 'kubernetes.io/tls', data: { 'tls.crt': '', 'tls.key': '' } });
    await account.replace({ ...own, type: 'kubernetes.io/tls', data: { 'tls.crt': 'YQ==', 'tls.key': '' } });
  });

  it.each<[what: string, metadata: object]>([
    ['the annotation of a service account', { annotations: stolen }],
    ['no label', { labels: {} }],
    ['a finalizer', { finalizers: ['example.com/stay'] }],
    ['an owner', { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'a', uid: 'b' }] }],
  ])('updates no copy so that it has %s', async (_, metadata) => {
    const { message } = await refusalOf(account.replace(secret(metadata)));
    expect(message).toContain("ValidatingAdmissionPolicy 'bitfusion-webhook-secrets'");
  });

  it('updates no service account token that somebody else has made', async () => {
    const namespace = await plane.createNamespace('team');
    const theirs = secret(
      { namespace, annotations: stolen },
      { type: 'kubernetes.io/service-account-token' },
    );
    await plane.api.create({ ...theirs, metadata: { ...theirs.metadata, labels: {} } });
    const { message } = await refusalOf(account.replace(theirs));
    expect(message).toContain("ValidatingAdmissionPolicy 'bitfusion-webhook-secrets'");
  });

  it.each<[what: string, send: () => Promise<unknown>]>([
    ['failurePolicy', () => patchWebhook({ failurePolicy: 'Ignore' })],
    ['a selector', () => patchWebhook({ namespaceSelector: { matchLabels: { a: 'b' } } })],
    ['objectSelector', () => patchWebhook({ objectSelector: { matchLabels: { a: 'b' } } })],
    ['timeoutSeconds', () => patchWebhook({ timeoutSeconds: 30 })],
    ['reinvocationPolicy', () => patchWebhook({ reinvocationPolicy: 'Never' })],
    ['sideEffects', () => patchWebhook({ sideEffects: 'None' })],
    ['matchPolicy', () => patchWebhook({ matchPolicy: 'Exact' })],
    ['matchConditions', () => patchWebhook({ matchConditions: [{ name: 'all', expression: 'true' }] })],
    ['admissionReviewVersions', () => patchWebhook({ admissionReviewVersions: ['v1'] })],
    [
      'the rules',
      () =>
        patchWebhook({
          rules: [{ apiGroups: ['*'], apiVersions: ['*'], resources: ['*/*'], operations: ['*'] }],
        }),
    ],
    ['the address', () => patchWebhook({ clientConfig: { service: null, url: 'https://192.0.2.1/' } })],
    ['the path', () => patchWebhook({ clientConfig: { service: { path: '/x' } } })],
    ['the port', () => patchWebhook({ clientConfig: { service: { port: 1 } } })],
    ['caBundle and a field', () => patchWebhook({ clientConfig: { caBundle: '' }, timeoutSeconds: 1 })],
    [
      'the number of webhooks, by one more',
      () =>
        patch({
          webhooks: [
            {
              name: 'other.bitfusion.io',
              clientConfig: { url: 'https://192.0.2.1/' },
              rules: [],
              sideEffects: 'None',
              admissionReviewVersions: ['v1'],
            },
          ],
        }),
    ],
    [
      'the number of webhooks, by one less',
      () => patch({ webhooks: [{ name: 'mutation.bitfusion.io', $patch: 'delete' }] }),
    ],
    ['labels', () => patch({ metadata: { labels: { a: 'b' } } })],
    ['annotations', () => patch({ metadata: { annotations: { a: 'b' } } })],
    ['finalizers', () => patch({ metadata: { finalizers: ['example.com/stay'] } })],
    [
      'owners',
      () =>
        patch({ metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'a', uid: 'b' }] } }),
    ],
  ])('changes nothing of a webhook configuration: %s', async (_, send) => {
    const { message } = await refusalOf(send());
    expect(message).toContain("ValidatingAdmissionPolicy 'bitfusion-webhook-configurations'");
  });

  it('writes caBundle, and changes and empties it', async () => {
    for (const text of ['a', 'b', '']) {
      const caBundle = Buffer.from(text && plane.ca + (text === 'b' ? plane.ca : '')).toString('base64');
      await patchWebhook({ clientConfig: { caBundle } });
    }
  });

  it('is the only account that is fenced', async () => {
    await plane.api.create(secret({ name: 'registry', labels: {} }));
    await plane.api.merge(mutating as unknown as ApiObject, { metadata: { labels: { a: 'b' } } });
  });
});
