import { setTimeout as delay } from 'node:timers/promises';

import { createLog, standaloneOptions, startWebhook } from '@bwki/webhook';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { poll, type ApiObject, type ControlPlane } from '../harness/index.ts';
import { hasOwnControlPlane, ownControlPlane } from './support/open-cluster.ts';
import { refusalOf } from './support/refusal-of.ts';
import {
  putSource,
  readSecret,
  secretOf,
  shippedAccount,
  startCopies,
  tokenData,
  type CopiesOnCluster,
} from './support/token-copies.ts';
import { examplePolicy, startWebhookOn, type WebhookOnCluster } from './support/webhook-on-cluster.ts';

const gpuPod = (namespace: string): ApiObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { generateName: 'gpu-', namespace, annotations: { 'auto-management/bitfusion': 'all' } },
  spec: {
    containers: [
      {
        name: 'main',
        image: 'busybox',
        command: ['true'],
        resources: { limits: { 'bitfusion.io/gpu-amount': '1' } },
      },
    ],
  },
});

describe.runIf(hasOwnControlPlane())('the token, as the API server calls the webhook', () => {
  let plane: ControlPlane;
  let kubeconfig: string;
  let ours: CopiesOnCluster;
  let onCluster: WebhookOnCluster;

  beforeAll(async () => {
    plane = await ownControlPlane();
    kubeconfig = await shippedAccount(plane);
    ours = await startCopies(kubeconfig);
    onCluster = await startWebhookOn(plane, { policy: examplePolicy(), tokenCopies: ours.copies });
  });
  afterAll(async () => {
    await onCluster[Symbol.asyncDispose]();
    await ours[Symbol.asyncDispose]();
    await plane[Symbol.asyncDispose]();
  });

  it('B52: without a source the user reads the command that makes it', async () => {
    const namespace = await plane.createNamespace('token');
    const refusal = await refusalOf(plane.api.create(gpuPod(namespace)));
    expect(refusal.code).toBe(422);
    expect(refusal.message).toMatch(
      /`kubectl create secret generic bitfusion-secret -n kube-system [^`]*` \(TOKEN_SOURCE_MISSING\)/,
    );
  });

  it('B51: a dry run mutates and leaves no secret behind', async () => {
    await putSource(plane, '1');
    const namespace = await plane.createNamespace('token');
    const { body } = await plane.api.create(gpuPod(namespace), { dryRun: true });
    expect(body.metadata.annotations?.['auto-management/status']).toBe('injected');
    expect(await readSecret(plane, namespace)).toBeUndefined();
  });

  it('B52: 20 pods at once: the copy is there before the first is admitted, and is made once', async () => {
    const namespace = await plane.createNamespace('token');
    const pods = await Promise.all(Array.from({ length: 20 }, () => plane.api.create(gpuPod(namespace))));
    expect((await readSecret(plane, namespace))?.['data']).toEqual(tokenData('1'));
    const events = await poll(
      async () => {
        const log = await plane.auditLog();
        const created = log.filter(({ verb, objectRef, stage }) => {
          const isOurs = objectRef?.namespace === namespace && stage === 'ResponseComplete';
          return isOurs && verb === 'create';
        });
        const ofPods = created.filter(({ objectRef }) => objectRef?.resource === 'pods');
        return ofPods.length === pods.length ? created : undefined;
      },
      { what: 'the audit log', within: 5000 },
    );
    // The API server writes an event when its answer is complete.
    const kinds = events
      .map(({ objectRef }) => objectRef?.resource)
      .filter((resource) => resource === 'pods' || resource === 'secrets');
    expect(kinds.filter((resource) => resource === 'secrets')).toHaveLength(1);
    expect(kinds[0]).toBe('secrets');
  });

  it('B52: a copy that was deleted is there again for the next pod at once', async () => {
    const namespace = await plane.createNamespace('token');
    await plane.api.create(gpuPod(namespace));
    await plane.api.remove(secretOf(namespace, {}));
    await poll(() => readSecret(plane, namespace), { what: 'the copy', within: 5000, every: 5 });
    // From the second time on it is restored once a minute, but for pods.
    for (let i = 0; i < 3; i += 1) {
      await plane.api.remove(secretOf(namespace, {}));
      await delay(300);
      expect(await readSecret(plane, namespace)).toBeUndefined();
      await plane.api.create(gpuPod(namespace));
      expect((await readSecret(plane, namespace))?.['data']).toEqual(tokenData('1'));
    }
  });

  it("B52: a user's own secret of that name is a refusal that says so", async () => {
    const namespace = await plane.createNamespace('token');
    await plane.api.create(secretOf(namespace, { password: 'eA==' }));
    const refusal = await refusalOf(plane.api.create(gpuPod(namespace)));
    expect(refusal.message).toMatch(/is not a copy of the access token.*\(TOKEN_SECRET_FOREIGN\)/);
  });

  it('B52: a quota that leaves no room for the copy is a refusal with what the quota says', async () => {
    const namespace = await plane.createNamespace('token');
    const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'none', namespace } };
    await plane.api.create({ ...quota, spec: { hard: { secrets: '0' } } });
    await poll(
      async () => ((await plane.api.read(quota))['status'] as { hard?: unknown } | undefined)?.hard,
      {
        what: 'the quota',
        within: 10_000,
      },
    );
    const refusal = await refusalOf(plane.api.create(gpuPod(namespace)));
    expect(refusal.message).toMatch(/exceeded quota: none, requested: secrets=1.*\(TOKEN_COPY_REFUSED\)/);
  });

  it('B52: a webhook started with the option is ready once it knows the secrets', async () => {
    const log: string[] = [];
    await using webhook = await startWebhook(
      { ...standaloneOptions, tokenCopies: { sourceNamespace: 'kube-system', kubeconfig } },
      { log: createLog('info', { write: (line) => log.push(line) }) },
    );
    const ready = async (): Promise<true | undefined> =>
      (await fetch(`${webhook.healthUrl}/readyz`)).status === 200 ? true : undefined;
    await poll(ready, { what: '/readyz', within: 10_000 });
    expect(log.join('')).toMatch(/token source taken/);
  });

  it('B52: and is not while there is no API server', async () => {
    const options = { ...standaloneOptions, tokenCopies: { sourceNamespace: 'kube-system', kubeconfig } };
    await plane.restartApiServer({
      meanwhile: async () => {
        await using webhook = await startWebhook(options, { log: createLog('silent', { write: () => 0 }) });
        const answer = await fetch(`${webhook.healthUrl}/readyz`);
        expect(answer.status).toBe(503);
        expect(await answer.text()).toMatch(/secrets bitfusion-secret are not known yet/);
      },
    });
  });
});
