import {
  createLog,
  fenceObjects,
  objectNames,
  rbacObjects,
  standaloneOptions,
  startWebhook,
  webhookConfigurations,
} from '@bwki/webhook';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { poll, type ApiObject, type AuditEvent, type ControlPlane } from '../harness/index.ts';
import { forgedReview } from './support/forged-review.ts';
import { gpuPod } from './support/gpu-pod.ts';
import { hasOwnControlPlane, ownControlPlane } from './support/open-cluster.ts';
import { putSource, readSecret, tokenData, tokenSecret } from './support/token-copies.ts';
import { examplePolicy } from './support/webhook-on-cluster.ts';

const { namespace: home, deployment, mutatingConfiguration, validatingConfiguration } = objectNames;
const rbac = rbacObjects({ tokenSecrets: [tokenSecret], ownCertificates: true, resourceOffers: true });

/** A right as RBAC grants it and as an audit event uses it: `update secrets/bitfusion-secret`, `list nodes`. */
function rightsOf(rules: typeof rbac.clusterRole.rules = []): readonly string[] {
  return rules.flatMap(({ verbs, resources = [], resourceNames = [''] }) =>
    verbs.flatMap((verb) =>
      resources.flatMap((resource) => resourceNames.map((name) => rightOf(verb, resource, name))),
    ),
  );
}

function rightOf(verb: string, resource = '', name = ''): string {
  // RBAC cannot narrow a create by name, and the names of namespaces are not known before.
  const isNamed = name !== '' && verb !== 'create' && resource !== 'namespaces';
  return `${verb} ${resource}${isNamed ? `/${name}` : ''}`;
}

describe.runIf(hasOwnControlPlane())(
  'B58: the webhook with all that it can do, and the shipped roles',
  () => {
    let plane: ControlPlane;
    let used: readonly AuditEvent[];
    /** From an emptied `caBundle` to the whole one, in milliseconds. */
    let restoredAfter: number;
    let events: readonly ApiObject[];
    const started = new AsyncDisposableStack();

    beforeAll(async () => {
      plane = started.use(await ownControlPlane({ controllers: false }));
      await plane.createNamespace(home, { exact: true });
      for (const object of Object.values(rbac)) await plane.api.create(object as ApiObject);
      const fence = fenceObjects({ tokenSecrets: [tokenSecret], tokenNamespace: 'kube-system' });
      for (const object of Object.values(fence)) await plane.api.create(object as ApiObject);
      // An API server acts on a role a moment after it has taken it.
      const account = `--as=system:serviceaccount:${home}:${deployment}`;
      for (const asked of ['list nodes', `update secrets/${objectNames.certificates} -n ${home}`]) {
        const can = ['auth', 'can-i', ...asked.split(' '), account];
        const mayNow = async (): Promise<true | undefined> =>
          (await plane.kubectl(can)).status === 0 ? true : undefined;
        await poll(mayNow, { what: asked, within: 10_000 });
      }
      await runEverything(await plane.serviceAccountKubeconfig(home, deployment));
      const events = await plane.auditLog();
      used = events.filter(({ userAgent }) => userAgent === 'bwki-webhook');
    });
    afterAll(() => started.disposeAsync());

    /** Every way in which the webhook turns to the API server, until it has come to its end. */
    async function runEverything(kubeconfig: string): Promise<void> {
      const namespace = await plane.createNamespace('pods');
      await using webhook = await startWebhook(
        {
          ...standaloneOptions,
          certificate: { kind: 'own', namespace: home, names: ['127.0.0.1'], kubeconfig, lookMs: 5000 },
          tokenCopies: { sourceNamespace: 'kube-system', kubeconfig },
          resourceOffers: { kubeconfig },
        },
        { log: createLog('silent', { write: () => 0 }), policy: { current: examplePolicy } },
      );
      const configurations = webhookConfigurations({
        address: { kind: 'url', url: webhook.url },
        hasMatchConditions: true,
      });
      for (const object of Object.values(configurations)) await plane.api.create(object as ApiObject);
      const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'gpu' } };
      await plane.api.create(node);
      const status = { capacity: { 'bitfusion.io/gpu': '1000' } };
      await plane.api.send('PATCH', '/api/v1/nodes/gpu/status', { status }, 'application/merge-patch+json');

      const refusal = (): Promise<string> =>
        plane.api.create(gpuPod({ namespace })).then(
          () => '',
          (error: unknown) => (error as Error).message,
        );
      await poll(async () => ((await refusal()).includes('TOKEN_SOURCE_MISSING') ? true : undefined), {
        what: 'a pod to be refused for want of a token',
        within: 20_000,
      });
      await putSource(plane, '1');
      await poll(async () => ((await refusal()) === '' ? true : undefined), {
        what: 'a pod to be taken',
        within: 20_000,
      });
      // Nobody knows that namespace.
      await forgedReview(webhook, { path: '/mutate', namespace: 'forged', pod: gpuPod({ namespace }) });
      await putSource(plane, '2');
      const isCopied = async (): Promise<true | undefined> => {
        const copy = (await readSecret(plane, namespace))?.['data'];
        return JSON.stringify(copy) === JSON.stringify(tokenData('2')) ? true : undefined;
      };
      await poll(isCopied, { what: 'the new token to be copied', within: 10_000 });
      restoredAfter = await emptyBundle(configurations.mutating as unknown as ApiObject);
    }

    /** As a GitOps tool does whose manifest has none; gives the time until it is there again. */
    async function emptyBundle(configuration: ApiObject): Promise<number> {
      const read = async (): Promise<ApiObject & { webhooks: readonly { clientConfig: object }[] }> =>
        (await plane.api.read(configuration)) as never;
      const isTrusted = async (): Promise<true | undefined> =>
        (await read()).webhooks.every(({ clientConfig }) => 'caBundle' in clientConfig) ? true : undefined;
      await poll(isTrusted, { what: 'caBundle', within: 10_000 });
      // Until the replica has seen its own bundle.
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const manifest = await read();
      const { webhooks } = configuration as ApiObject & { webhooks: object };
      await plane.api.replace({ ...manifest, webhooks });
      const start = performance.now();
      await poll(isTrusted, { what: 'caBundle again', within: 10_000, every: 5 });
      const after = performance.now() - start;
      const reference = { apiVersion: 'v1', kind: 'Event', metadata: { name: '', namespace: home } };
      const reported = async (): Promise<readonly ApiObject[] | undefined> => {
        const found = await plane.api.list(reference);
        return found.length > 0 ? found : undefined;
      };
      events = await poll(reported, { what: 'an Event', within: 10_000 });
      return after;
    }

    it('B75: an emptied caBundle is there again at once, and an Event names who emptied it', () => {
      console.log(`caBundle was there again after ${restoredAfter.toFixed(0)} ms`);
      expect(restoredAfter).toBeLessThan(1000);
      expect(events).toMatchObject([
        {
          reason: 'CABundleChanged',
          message: expect.stringContaining(
            'changed caBundle, and the webhook has written it again',
          ) as string,
        },
      ]);
    });

    it('no request was denied, and all were made as the account', () => {
      expect(used.length).toBeGreaterThan(10);
      const decisions = new Set(
        used.map(({ annotations }) => annotations?.['authorization.k8s.io/decision'] ?? 'none'),
      );
      expect([...decisions]).toEqual(['allow']);
      const users = new Set(used.map(({ user }) => user.username));
      expect([...users]).toEqual([`system:serviceaccount:${home}:${deployment}`]);
    });

    it('these are the verbs that were used', () => {
      const rights = new Set(
        used.map(({ verb, objectRef }) => rightOf(verb, objectRef?.resource, objectRef?.name)),
      );
      expect([...rights].sort()).toEqual([
        'create events',
        'create secrets',
        `get mutatingwebhookconfigurations/${mutatingConfiguration}`,
        'get namespaces',
        `get secrets/${tokenSecret}`,
        `get secrets/${objectNames.certificates}`,
        'get secrets/bwki-webhook-token-copy-key',
        `get validatingwebhookconfigurations/${validatingConfiguration}`,
        `list mutatingwebhookconfigurations/${mutatingConfiguration}`,
        'list namespaces',
        'list nodes',
        `list secrets/${tokenSecret}`,
        `list validatingwebhookconfigurations/${validatingConfiguration}`,
        `patch mutatingwebhookconfigurations/${mutatingConfiguration}`,
        `patch validatingwebhookconfigurations/${validatingConfiguration}`,
        `update secrets/${tokenSecret}`,
        `update secrets/${objectNames.certificates}`,
        `watch mutatingwebhookconfigurations/${mutatingConfiguration}`,
        'watch namespaces',
        'watch nodes',
        `watch secrets/${tokenSecret}`,
        `watch validatingwebhookconfigurations/${validatingConfiguration}`,
      ]);
    });

    it.each([
      ...rightsOf(rbac.clusterRole.rules).map((right) => ['the ClusterRole', right] as const),
      ...rightsOf(rbac.role.rules).map((right) => ['the Role', right] as const),
    ])('%s grants "%s", which is needed', (role, right) => {
      const isOfRole = (event: AuditEvent): boolean =>
        role === 'the Role' ? event.objectRef?.namespace === home : event.objectRef?.namespace !== home;
      const uses = used.filter(
        (event) =>
          isOfRole(event) && rightOf(event.verb, event.objectRef?.resource, event.objectRef?.name) === right,
      );
      expect(uses.length).toBeGreaterThan(0);
    });
  },
);
