import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';

import { poll, type ApiObject, type ControlPlane } from '../harness/index.ts';
import { containersOf, gpuPod, isInjected } from './support/gpu-pod.ts';
import { examples } from './support/manifests.ts';
import { blockWith } from './support/markdown-blocks.ts';
import { hasOwnControlPlane, ownControlPlane } from './support/open-cluster.ts';
import { inNamespace } from './support/pod-in-namespace.ts';
import { refusalOf } from './support/refusal-of.ts';
import { examplePolicy, startWebhookOn, type WebhookOnCluster } from './support/webhook-on-cluster.ts';

describe.runIf(hasOwnControlPlane())("webhook: beside Kubernetes' own policies", () => {
  let plane: ControlPlane;
  let onCluster: WebhookOnCluster;
  /** Started while the webhook was there. */
  let job: ApiObject;

  beforeAll(async () => {
    plane = await ownControlPlane();
    onCluster = await startWebhookOn(plane, { policy: examplePolicy() });
  });
  afterAll(async () => {
    await onCluster[Symbol.asyncDispose]();
    await plane[Symbol.asyncDispose]();
  });

  /** A ResourceQuota that is in force: its use has been counted. */
  async function createQuota(namespace: string, hard: Readonly<Record<string, string>>): Promise<ApiObject> {
    const { body } = await plane.api.create({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'bitfusion-quota', namespace },
      spec: { hard },
    });
    await poll(async () => (Object.keys((await usedOf(body)) ?? {}).length > 0 ? true : undefined), {
      what: 'the quota to be counted',
      within: 15_000,
    });
    return body;
  }

  /** A Job with one GPU pod, which exists. */
  async function startedJob(namespace: string): Promise<ApiObject> {
    const { metadata, spec } = gpuPod({ namespace });
    const template = {
      metadata: { annotations: metadata.annotations },
      spec: { ...(spec as object), restartPolicy: 'Never' },
    };
    const { body } = await plane.api.create({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'finishes', namespace },
      spec: { template },
    });
    const hasPod = async (): Promise<true | undefined> => {
      const { status } = (await plane.api.read(body)) as { readonly status?: { readonly active?: number } };
      return status?.active === 1 ? true : undefined;
    };
    await poll(hasPod, { what: 'the pod of the Job', within: 20_000 });
    return body;
  }

  async function usedOf(quota: ApiObject): Promise<Readonly<Record<string, string>> | undefined> {
    const { status } = (await plane.api.read(quota)) as {
      readonly status?: { readonly used?: Readonly<Record<string, string>> };
    };
    return status?.used;
  }

  it('B38: a ResourceQuota counts units, and the third pod is over it', async () => {
    const namespace = 'team-a';
    await plane.createNamespace(namespace, { exact: true });
    const quota = await createQuota(namespace, { 'requests.bitfusion.io/gpu': '100' });
    for (const name of ['first', 'second']) {
      await plane.api.create(gpuPod({ namespace, name, percent: 40 }));
    }
    expect(await usedOf(quota)).toEqual({ 'requests.bitfusion.io/gpu': '80' });
    const answer = await plane.kubectl(
      ['apply', '-f', '-'],
      stringify(gpuPod({ namespace, name: 'third', percent: 40 })),
    );
    expect(answer.status).toBe(1);
    expect(answer.stderr).toBe(
      'Error from server (Forbidden): error when creating "STDIN": pods "third" is forbidden: exceeded quota: bitfusion-quota, requested: requests.bitfusion.io/gpu=40, used: requests.bitfusion.io/gpu=80, limited: requests.bitfusion.io/gpu=100\n',
    );
  });

  it('B39: a quota that wants every container to name cpu and memory takes the pod that does', async () => {
    const namespace = await plane.createNamespace('named');
    const quota = await createQuota(namespace, {
      'requests.cpu': '10',
      'limits.cpu': '10',
      'requests.memory': '10Gi',
      'limits.memory': '10Gi',
    });
    const limits = { cpu: '2', memory: '4Gi' };
    const { body } = await plane.api.create(
      gpuPod({ namespace, resources: { limits, requests: { cpu: '500m', memory: '1Gi' } } }),
    );
    expect(isInjected(body)).toBe(true);
    expect(await usedOf(quota)).toEqual({
      'requests.cpu': '500m',
      'limits.cpu': '2',
      'requests.memory': '1Gi',
      'limits.memory': '4Gi',
    });
  });

  it('B39: a LimitRange gives the populating step no more than the pod has', async () => {
    const namespace = await plane.createNamespace('limits');
    await plane.api.create({
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'defaults', namespace },
      spec: {
        limits: [
          {
            type: 'Container',
            default: { cpu: '1', memory: '1Gi' },
            defaultRequest: { cpu: '250m', memory: '256Mi' },
            max: { cpu: '2', memory: '2Gi' },
            min: { cpu: '100m', memory: '64Mi' },
            maxLimitRequestRatio: { cpu: '4' },
          },
        ],
      },
    });
    // It is known to the API server once a pod shows its defaults.
    const pod = await poll(
      async () => {
        const { body } = await plane.api.create(gpuPod({ namespace }), { dryRun: true });
        return containersOf(body)[0]?.resources?.limits?.['cpu'] === '1' ? body : undefined;
      },
      { what: 'the LimitRange to be in force', within: 15_000 },
    );
    const [step] = containersOf(pod, 'initContainers');
    const [main] = containersOf(pod);
    const { 'bitfusion.io/gpu': limit, ...limits } = main?.resources?.limits ?? {};
    const { 'bitfusion.io/gpu': request, ...requests } = main?.resources?.requests ?? {};
    expect([limit, request]).toEqual(['50', '50']);
    expect(step?.resources).toEqual({ limits, requests });
  });

  it("namespaces.md: a policy bounds a container's units, and a LimitRange could not", async () => {
    const namespace = await plane.createNamespace('bounded');
    const { text } = blockWith('docs/namespaces.md', 'kind: ValidatingAdmissionPolicy');
    const policy = text.replace('team-a', namespace);
    expect((await plane.kubectl(['create', '-f', '-'], policy)).stderr).toBe('');
    const admission = (pod: ApiObject): Promise<string> =>
      plane.api.create(pod, { dryRun: true }).then(() => 'admitted', String);
    const ofThreeGpus = (percent: number): ApiObject => gpuPod({ namespace, amount: 3, percent });
    const plain: ApiObject = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'plain', namespace },
      spec: { containers: [{ name: 'main', image: 'registry.example/serve:1' }] },
    };
    const refusalOnce = (pod: ApiObject, what: string): Promise<string> =>
      poll(
        async () => {
          const answer = await admission(pod);
          return answer === 'admitted' ? undefined : answer;
        },
        { what, within: 20_000 },
      );

    expect(await refusalOnce(ofThreeGpus(100), 'the policy to be in force')).toContain(
      'a container takes two GPUs at most',
    );
    expect(await admission(ofThreeGpus(66))).toBe('admitted');
    expect(await admission(plain)).toBe('admitted');

    await plane.api.create({
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'units', namespace },
      spec: { limits: [{ type: 'Container', max: { 'bitfusion.io/gpu': '200' } }] },
    });
    expect(await refusalOnce(plain, 'the LimitRange to be in force')).toContain('VALIDATION_UNITS_BY_HAND');
    expect(await admission(ofThreeGpus(66))).toContain('SPEC_UNITS_FORBIDDEN');
  });

  it('B39: the restricted example is admitted where Pod Security is enforced, others say why not', async () => {
    const namespace = await plane.createNamespace('restricted', {
      labels: { 'pod-security.kubernetes.io/enforce': 'restricted' },
    });
    const example = examples().find(({ name }) => name.includes('non-root.yaml'));
    if (example === undefined) throw new Error('the example is gone');
    const { body } = await plane.api.create(inNamespace(example.object, namespace));
    expect(isInjected(body)).toBe(true);

    const refusal = await refusalOf(plane.api.create(gpuPod({ namespace })));
    expect(refusal.message).toContain('violates PodSecurity "restricted');
    // The step lacks nothing of its own; whether it may run as root follows from the user's container.
    expect(refusal.message).toContain(
      '(container "main" must set securityContext.allowPrivilegeEscalation=false)',
    );
    expect(refusal.message).toContain(
      'containers "bwki-populate", "main" must set securityContext.runAsNonRoot=true',
    );
  });

  it('failurePolicy: without the webhook only pods that ask for Bitfusion have to wait', async () => {
    const namespace = await plane.createNamespace('away');
    job = await startedJob(namespace);
    await onCluster.webhook[Symbol.asyncDispose]();
    const refusal = await refusalOf(plane.api.create(gpuPod({ namespace })));
    expect(refusal.code).toBe(500);
    expect(refusal.message).toContain('failed calling webhook "mutation.bitfusion.io"');
    const plain = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'plain', namespace },
      spec: { containers: [{ name: 'main', image: 'busybox' }] },
    };
    expect((await plane.api.create(plain)).code).toBe(201);
  });

  it('B76: without the webhook a finished Job completes, and its GPU pods lose their finalizers', async () => {
    const pods = { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: job.metadata.namespace ?? '' } };
    const podsOfJob = async (): Promise<readonly ApiObject[]> =>
      (await plane.api.list(pods)).filter(
        ({ metadata }) => metadata.labels?.['batch.kubernetes.io/job-name'] === 'finishes',
      );
    for (const { metadata } of await podsOfJob()) {
      const path = `/api/v1/namespaces/${metadata.namespace ?? ''}/pods/${metadata.name ?? ''}/status`;
      await plane.api.send('PATCH', path, { status: { phase: 'Succeeded' } }, 'application/merge-patch+json');
    }
    const isComplete = async (): Promise<true | undefined> => {
      const { status } = (await plane.api.read(job)) as { readonly status?: { readonly succeeded?: number } };
      const held = (await podsOfJob()).filter(
        ({ metadata }) => (metadata.finalizers ?? []).length > 0,
      ).length;
      return status?.succeeded === 1 && held === 0 ? true : undefined;
    };
    await poll(isComplete, { what: 'the Job to complete', within: 20_000 });
  });
});
