import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';

import type { ControlPlane } from '../harness/index.ts';
import { containersOf, gpuPod, isInjected, unitsOf } from './support/gpu-pod.ts';
import { hasOwnControlPlane, ownControlPlane } from './support/open-cluster.ts';
import { refusalOf } from './support/refusal-of.ts';
import { startSecondWebhook, type SecondWebhookOptions } from './support/second-webhook.ts';
import { examplePolicy, startWebhookOn, type WebhookOnCluster } from './support/webhook-on-cluster.ts';

describe.runIf(hasOwnControlPlane())('webhook: ways of a pod through the API server', () => {
  let plane: ControlPlane;
  let onCluster: WebhookOnCluster;
  let namespace: string;
  /** The namespaces that a token was asked for. */
  let tokensFor: string[];

  beforeAll(async () => {
    plane = await ownControlPlane();
    onCluster = await startWebhookOn(plane, {
      policy: examplePolicy(),
      tokenCopies: {
        ensure: (wanted) => {
          tokensFor.push(wanted);
          return Promise.resolve({ ok: true, value: undefined });
        },
      },
    });
  });
  beforeEach(async () => {
    namespace = await plane.createNamespace('admission');
    tokensFor = [];
  });
  afterAll(async () => {
    await onCluster[Symbol.asyncDispose]();
    await plane[Symbol.asyncDispose]();
  });

  /** For the rest of the test. */
  async function withSecondWebhook(options: SecondWebhookOptions): Promise<void> {
    const second = await startSecondWebhook(plane, options);
    onTestFinished(() => second[Symbol.asyncDispose]());
  }

  it('B50: takes the namespace of the request where the pod names none, and a generated name', async () => {
    const { metadata, ...pod } = gpuPod({ namespace });
    const { body } = await plane.api.send('POST', `/api/v1/namespaces/${namespace}/pods`, {
      ...pod,
      metadata: { generateName: metadata.generateName, annotations: metadata.annotations },
    });
    expect(body.metadata.name).toMatch(/^train-.+/);
    expect(isInjected(body)).toBe(true);
    expect(tokensFor).toEqual([namespace]);
  });

  it("B39: Kubernetes gives its API token to the pod's own containers, not to our step, and asks us once", async () => {
    const { body } = await plane.api.create(gpuPod({ namespace }));
    const mountsOf = (list: 'containers' | 'initContainers'): readonly string[] =>
      containersOf(body, list).flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name));
    expect(mountsOf('initContainers')).toEqual(['bwki-client', 'bwki-token']);
    expect(mountsOf('containers')).toContainEqual(expect.stringMatching(/^kube-api-access-/));
    const calls = onCluster.log
      .map((line) => JSON.parse(line) as { readonly webhook?: string; readonly namespace?: string })
      .filter((line) => line.namespace === namespace)
      .map(({ webhook }) => webhook);
    expect(calls).toEqual(['mutate', 'validate']);
  });

  it('B51: a dry run is answered as a creation, but asks for no token', async () => {
    const manifest = stringify(gpuPod({ namespace, name: 'dry' }));
    const answer = await plane.kubectl(['apply', '--dry-run=server', '-o', 'yaml', '-f', '-'], manifest);
    expect(answer.stderr).toBe('');
    expect(answer.stdout).toContain('auto-management/status: injected');
    expect(tokensFor).toEqual([]);
  });

  it('B50: kubectl shows the warnings', async () => {
    const pod = gpuPod({ namespace, name: 'warned', mode: 'none' });
    const answer = await plane.kubectl(['apply', '-f', '-'], stringify(pod));
    expect(answer.status).toBe(0);
    expect(answer.stderr).toMatch(/^Warning: .*nothing serves these GPUs/);
  });

  it('B50a: an UPDATE is never refused for what a creation would be, a DELETE neither', async () => {
    const { body } = await plane.api.create(gpuPod({ namespace }));
    const updated = await plane.api.merge(body, {
      metadata: {
        annotations: { 'auto-management/bitfusion': 'sometimes' },
        finalizers: ['example.com/hold'],
      },
    });
    expect(updated.body.metadata.annotations?.['auto-management/bitfusion']).toBe('sometimes');
    expect(updated.body['spec']).toEqual(body['spec']);
    await plane.api.merge(body, { metadata: { finalizers: null } });
    await plane.api.remove(body);
    expect(tokensFor).toEqual([namespace]);
  });

  it('B15: a pod that has nothing to do with Bitfusion is not sent at all', async () => {
    const before = onCluster.log.length;
    await plane.api.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'plain', namespace },
      spec: { containers: [{ name: 'main', image: 'busybox' }] },
    });
    expect(onCluster.log.slice(before)).toEqual([]);
  });

  it('B44: a sidecar with a GPU that another webhook adds after ours is processed too', async () => {
    await withSecondWebhook({
      namespace,
      patch: () => [
        {
          op: 'add',
          path: '/spec/containers/-',
          value: {
            name: 'sidecar',
            image: 'registry.example/sidecar:1',
            command: ['serve'],
            resources: { limits: { 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu-percent': '20' } },
          },
        },
      ],
    });
    const { body } = await plane.api.create(gpuPod({ namespace, percent: 50 }));
    expect(unitsOf(body)).toEqual({ main: '50', sidecar: '20' });
    const commands = containersOf(body).map(({ command }) => command?.slice(0, 2));
    expect(commands).toEqual(Array(2).fill(['/usr/local/bin/bitfusion', 'run']));
    expect(containersOf(body)[0]?.command?.filter((word) => word === 'run')).toHaveLength(1);
    expect(containersOf(body, 'initContainers').map(({ name }) => name)).toEqual(['bwki-populate']);
  });

  it('B53: units that another webhook changed after ours are refused', async () => {
    await withSecondWebhook({
      namespace,
      patch: () =>
        ['limits', 'requests'].map((list) => ({
          op: 'replace',
          path: `/spec/containers/0/resources/${list}/bitfusion.io~1gpu`,
          value: '1',
        })),
    });
    const refusal = await refusalOf(plane.api.create(gpuPod({ namespace, percent: 50 })));
    expect(refusal.code).toBe(422);
    expect(refusal.message).toContain('admission webhook "validation.bitfusion.io" denied the request');
    expect(refusal.status.details?.causes?.map(({ field }) => field)).toEqual([
      'spec.containers[0].resources.limits[bitfusion.io/gpu]',
      'spec.containers[0].resources.requests[bitfusion.io/gpu]',
    ]);
  });

  it('B13: units set by hand are refused, and the user is told what to write instead', async () => {
    const { metadata } = gpuPod({ namespace, name: 'by-hand' });
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: metadata.name, namespace },
      spec: {
        containers: [{ name: 'main', image: 'busybox', resources: { limits: { 'bitfusion.io/gpu': '50' } } }],
      },
    };
    const answer = await plane.kubectl(['apply', '-f', '-'], stringify(pod));
    expect(answer.status).toBe(1);
    expect(answer.stderr).toBe(
      'The Pod "by-hand" is invalid: spec.containers[0].resources.limits[bitfusion.io/gpu]: Forbidden: is reckoned from bitfusion.io/gpu-amount with bitfusion.io/gpu-percent or bitfusion.io/gpu-memory: ask for those, and annotate the pod with auto-management/bitfusion: all or injection (VALIDATION_UNITS_BY_HAND)\n',
    );
  });

  it('keeps answering when the API server was restarted', async () => {
    await plane.restartApiServer();
    const { body } = await plane.api.create(gpuPod({ namespace }));
    expect(isInjected(body)).toBe(true);
  });
});
