import { setTimeout as delay } from 'node:timers/promises';

import { mutatePod } from '@bwki/pod-mutator';
import { createLog, standaloneOptions, startWebhook, type Webhook } from '@bwki/webhook';
import fastJsonPatch, { type Operation } from 'fast-json-patch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { poll, type ApiObject, type ControlPlane } from '../harness/index.ts';
import { forgedReview } from './support/forged-review.ts';
import { gpuPod } from './support/gpu-pod.ts';
import { hasOwnControlPlane, ownControlPlane } from './support/open-cluster.ts';
import { refusalOf } from './support/refusal-of.ts';
import { putSource, readSecret, secretOf, shippedAccount, tokenData } from './support/token-copies.ts';
import { examplePolicy, registerWebhook } from './support/webhook-on-cluster.ts';

const served = { gpus: 'bitfusion' };
const label = 'bwki.bitfusion.io/token-copy';
const mark = 'bwki.bitfusion.io/token-copy-mark';

/** As anybody makes it who may create secrets in the namespace. */
function stealToken(namespace: string): ApiObject {
  const secret = secretOf(namespace, {});
  return { ...secret, metadata: { ...secret.metadata, labels: { [label]: 'true' } } };
}

describe.runIf(hasOwnControlPlane())('two teams, of which one is served', () => {
  let plane: ControlPlane;
  let kubeconfig: string;
  let webhook: Webhook;
  const log: string[] = [];
  const started = new AsyncDisposableStack();

  beforeAll(async () => {
    plane = started.use(await ownControlPlane());
    kubeconfig = await shippedAccount(plane);
    await putSource(plane, '1');
    webhook = started.use(await startOurs());
    started.use(await registerWebhook(plane, webhook));
    const namespace = await plane.createNamespace('called', { labels: served });
    const isCalled = async (): Promise<true | undefined> => {
      const { body } = await plane.api.create(gpuPod({ namespace }), { dryRun: true });
      return body.metadata.annotations?.['auto-management/status'] === 'injected' ? true : undefined;
    };
    await poll(isCalled, { what: 'the API server to call the webhook', within: 10_000 });
  });
  afterAll(() => started.disposeAsync());

  function startOurs(): Promise<Webhook> {
    return startWebhook(
      {
        ...standaloneOptions,
        http2: true,
        namespaces: { namespaceSelector: { matchLabels: served }, kubeconfig },
        tokenCopies: { sourceNamespace: 'kube-system', kubeconfig },
      },
      {
        log: createLog('info', { write: (line) => log.push(line) }),
        policy: { current: examplePolicy },
      },
    );
  }

  /** Names of the namespaces in which the webhook has asked to create or update a secret of the token. */
  async function writes(): Promise<readonly string[]> {
    const events = (await plane.auditLog()).filter(
      ({ userAgent, verb, objectRef }) =>
        userAgent === 'bwki-webhook' &&
        (verb === 'create' || verb === 'update') &&
        objectRef?.resource === 'secrets' &&
        objectRef.name !== 'bwki-webhook-token-copy-key',
    );
    return events.map(({ objectRef }) => objectRef?.namespace ?? '');
  }

  it('B71: a forged review of a namespace that is not served, is none, or is no name, makes nothing', async () => {
    const unserved = await plane.createNamespace('unserved');
    const before = (await writes()).length;
    for (const namespace of [
      unserved,
      'never-was',
      '..',
      '.',
      'kube-system',
      'bwki',
      'a/b',
      'x'.repeat(64),
    ]) {
      for (const path of ['/mutate', '/validate']) {
        const answer = await forgedReview(webhook, { path, namespace, pod: gpuPod({ namespace }) });
        expect(answer, `${path} ${namespace}`).toEqual({ uid: 'forged', allowed: true });
      }
    }
    expect(await readSecret(plane, unserved)).toBeUndefined();
    await delay(500);
    expect((await writes()).length).toBe(before);
  });

  it('B71: a pod in the namespace that was made just before it is served, with the token', async () => {
    for (let i = 0; i < 20; i += 1) {
      const name = `just-made-${i}`;
      await plane.api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: served } });
      const account = {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'default', namespace: name },
      };
      await plane.api.create(account).catch(() => undefined);
      const { body } = await plane.api.create(gpuPod({ namespace: name }));
      expect(body.metadata.annotations?.['auto-management/status']).toBe('injected');
      expect((await readSecret(plane, name))?.['data']).toEqual(tokenData('1'));
    }
  });

  it('B71: a namespace is served from the pod on that comes after the label', async () => {
    const namespace = await plane.createNamespace('labelled');
    const before = await plane.api.create(gpuPod({ namespace }));
    expect(before.body.metadata.annotations?.['auto-management/status']).toBeUndefined();
    await plane.api.merge(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
      { metadata: { labels: served } },
    );
    const after = await plane.api.create(gpuPod({ namespace }));
    expect(after.body.metadata.annotations?.['auto-management/status']).toBe('injected');
    expect((await readSecret(plane, namespace))?.['data']).toEqual(tokenData('1'));
  });

  it('B72: a secret with the label alone is never filled, in either namespace', async () => {
    const namespaces = [
      await plane.createNamespace('steal'),
      await plane.createNamespace('steal', { labels: served }),
    ];
    for (const namespace of namespaces) await plane.api.create(stealToken(namespace));
    await putSource(plane, '1 again');
    await putSource(plane, '1');
    await delay(1000);
    for (const namespace of namespaces)
      expect((await readSecret(plane, namespace))?.['data']).toBeUndefined();
    const refusal = await refusalOf(plane.api.create(gpuPod({ namespace: namespaces[1] ?? '' })));
    expect(refusal.message).toMatch(/has the label of one, but not the mark.*\(TOKEN_SECRET_FOREIGN\)/);
  });

  it('B72: a copy that somebody keeps rewriting is written once more, and the log stays short', async () => {
    const namespace = await plane.createNamespace('contested', { labels: served });
    await plane.api.create(gpuPod({ namespace }));
    const copy = await readSecret(plane, namespace);
    if (copy === undefined) throw new Error('there is no copy');
    const lines = log.length;
    let rewrites = 0;
    for (const end = performance.now() + 5000; performance.now() < end; rewrites += 1) {
      await plane.api.merge(copy, { data: { 'ca.crt': Buffer.from(String(rewrites)).toString('base64') } });
    }
    await delay(500);
    const ofCopy = (await writes()).filter((one) => one === namespace);
    console.log(`${rewrites} rewrites: ${ofCopy.length - 1} writes, ${log.length - lines} lines`);
    expect(rewrites).toBeGreaterThan(50);
    // The first is the pod's.
    expect(ofCopy).toHaveLength(2);
    expect(log.slice(lines).filter((line) => line.includes(namespace)).length).toBeLessThanOrEqual(3);
    // A pod that needs it has it restored all the same.
    await plane.api.create(gpuPod({ namespace }));
    expect((await readSecret(plane, namespace))?.['data']).toEqual(tokenData('1'));
  }, 30_000);

  it('B72: after an upgrade copies without a mark are adopted, no pod is refused, and unserved ones stay', async () => {
    const namespaces = await Promise.all(
      Array.from({ length: 10 }, () => plane.createNamespace('before', { labels: served })),
    );
    const unserved = await plane.createNamespace('before');
    const old = (namespace: string): ApiObject => ({ ...stealToken(namespace), data: tokenData('1') });
    for (const namespace of [...namespaces, unserved]) await plane.api.create(old(namespace));
    const pods = await Promise.all(namespaces.map((namespace) => plane.api.create(gpuPod({ namespace }))));
    for (const { body } of pods) {
      expect(body.metadata.annotations?.['auto-management/status']).toBe('injected');
    }
    await using other = await startOurs();
    expect(other.url).not.toBe(webhook.url);
    for (const namespace of namespaces) {
      const copy = await readSecret(plane, namespace);
      expect(copy?.metadata.annotations?.[mark]).toMatch(/^[A-Za-z0-9_-]{43}$/);
    }
    expect((await readSecret(plane, unserved))?.metadata.annotations).toBeUndefined();
    await putSource(plane, '2');
    for (const namespace of namespaces) {
      const isNew = async (): Promise<true | undefined> =>
        JSON.stringify((await readSecret(plane, namespace))?.['data']) === JSON.stringify(tokenData('2'))
          ? true
          : undefined;
      await poll(isNew, { what: `the new token in ${namespace}`, within: 5000 });
    }
    expect((await readSecret(plane, unserved))?.['data']).toEqual(tokenData('1'));
  });

  it('B74: a pod that was injected before it came gets its token', async () => {
    const namespace = await plane.createNamespace('injected', { labels: served });
    const pod = gpuPod({ namespace });
    const mutated = mutatePod(pod as object, examplePolicy());
    if (!mutated.ok) throw new Error('the pod is broken');
    const patch = structuredClone(mutated.value.patch) as Operation[];
    const injected = fastJsonPatch.applyPatch(structuredClone(pod), patch).newDocument;
    await plane.api.create(injected, { dryRun: true });
    expect(await readSecret(plane, namespace)).toBeUndefined();
    await plane.api.create(injected);
    expect((await readSecret(plane, namespace))?.['data']).toEqual(tokenData('2'));
  });

  it('B58: no request of the webhook was denied, and none was for the secrets of no namespace', async () => {
    const events = (await plane.auditLog()).filter(({ userAgent }) => userAgent === 'bwki-webhook');
    const decisions = new Set(
      events.map(({ annotations }) => annotations?.['authorization.k8s.io/decision'] ?? 'none'),
    );
    expect([...decisions]).toEqual(['allow']);
    expect(await writes()).not.toContain('');
  });
});
