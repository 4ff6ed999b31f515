import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import fastJsonPatch, { type Operation } from 'fast-json-patch';

import { gpuContainer, gpuPod, plainPod, reviewOf } from './review.ts';
import { standalone, type Standalone } from './standalone.ts';
import { patchOf } from './webhook-client.ts';

let ours: Standalone;
beforeAll(async () => {
  ours = await standalone();
});
afterAll(() => ours[Symbol.asyncDispose]());

const uid = '705ab4f5-6393-11e8-b7cc-42010a800002';
const mutated = async (pod: object): Promise<object> => {
  const patch = patchOf(await ours.client.review('/mutate', reviewOf(pod)));
  return fastJsonPatch.applyPatch(structuredClone(pod), patch as Operation[]).newDocument;
};

describe('B50: /mutate', () => {
  it.each(['admission.k8s.io/v1', 'admission.k8s.io/v1beta1'])(
    'B50: answers %s in the version that was asked, with the uid',
    async (apiVersion) => {
      const { status, headers, text } = await ours.client.send(
        '/mutate?timeout=10s',
        JSON.stringify(reviewOf(gpuPod(), {}, apiVersion)),
      );
      const answer = JSON.parse(text) as Record<string, unknown>;
      expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'application/json' });
      expect(answer).toMatchObject({ kind: 'AdmissionReview', apiVersion, response: { uid, allowed: true } });
    },
  );

  it('B50: a pod that asks for a GPU gets a JSON Patch that makes it run under the client', async () => {
    expect(await mutated(gpuPod())).toMatchObject({
      metadata: { annotations: { 'auto-management/status': 'injected' } },
      spec: {
        containers: [
          {
            command: expect.arrayContaining(['run', '-n', '1', '-p', '0.5']) as unknown,
            resources: { limits: { 'bitfusion.io/gpu': '50' }, requests: { 'bitfusion.io/gpu': '50' } },
          },
        ],
      },
    });
  });

  it('B15: a pod that asks for nothing gets no patch at all', async () => {
    expect(await ours.client.review('/mutate', reviewOf(plainPod))).toEqual({ uid, allowed: true });
  });

  it('B44: the second time round there is nothing to do', async () => {
    const again = await ours.client.review('/mutate', reviewOf(await mutated(gpuPod())));
    expect(again).toEqual({ uid, allowed: true });
  });

  it('B50: a fault of the user is a refusal with 422 and one cause a field', async () => {
    const limits = { 'bitfusion.io/gpu-amount': '0', 'bitfusion.io/gpu-percent': '150' };
    const answer = await ours.client.review(
      '/mutate',
      reviewOf(gpuPod('all', { ...gpuContainer, resources: { limits } })),
    );
    expect(answer.allowed).toBe(false);
    expect(answer.status).toMatchObject({ status: 'Failure', reason: 'Invalid', code: 422 });
    expect(answer.status?.details?.causes).toMatchObject([
      {
        reason: 'FieldValueInvalid',
        field: 'spec.containers[0].resources.limits[bitfusion.io/gpu-amount]',
        message: expect.stringMatching(/^Invalid value: "0": .*\(\w+\)$/) as unknown,
      },
      { field: 'spec.containers[0].resources.limits[bitfusion.io/gpu-percent]' },
    ]);
    expect(answer.status?.message).toMatch(/^spec\.containers\[0\]\S+: Invalid value.*; spec\.containers/);
  });

  it('B50: 1000 faults are told as 100 causes and a message with the number of the rest', async () => {
    const faulty = { ...gpuContainer, resources: { limits: { 'bitfusion.io/gpu-amount': '-1' } } };
    const containers = Array.from({ length: 1000 }, (_, index) => ({ ...faulty, name: `c${index}` }));
    const answer = await ours.client.review('/mutate', reviewOf({ ...gpuPod(), spec: { containers } }));
    expect(answer.status?.details?.causes).toHaveLength(100);
    expect(answer.status?.message.length).toBeLessThan(5000);
    expect(answer.status?.message).toMatch(/; and 9\d\d more$/);
  });

  it('B50: warnings have at most 120 characters, and 30 at most are told', async () => {
    const name = (index: number): string => `container-${'x'.repeat(200)}-${index}`;
    const text = { command: ['sh', '-c', 'bitfusion run $FLAGS -- python x'] };
    const containers = Array.from({ length: 40 }, (_, index) => ({
      ...gpuContainer,
      ...text,
      name: name(index),
    }));
    const { allowed, warnings = [] } = await ours.client.review(
      '/mutate',
      reviewOf({ ...gpuPod(), spec: { containers } }),
    );
    expect(allowed).toBe(true);
    expect(warnings).toHaveLength(31);
    expect(warnings.at(-1)).toBe('and 10 more warnings');
    expect(Math.max(...warnings.map(({ length }) => length))).toBeLessThanOrEqual(120);
  });

  it.each(['UPDATE', 'DELETE', 'CONNECT'])('B50a: %s is allowed without a patch', async (operation) => {
    const request = { operation, oldObject: gpuPod() };
    const faulty = gpuPod('nonsense');
    expect(await ours.client.review('/mutate', reviewOf(faulty, request))).toEqual({ uid, allowed: true });
  });

  it.each([
    ['another kind', { kind: { group: 'apps', version: 'v1', kind: 'Deployment' } }],
    ['a pod of another group', { kind: { group: 'example.com', version: 'v1', kind: 'Pod' } }],
    ['a subresource', { subResource: 'ephemeralcontainers' }],
  ])('B50a: %s is not for us to judge', async (_, request) => {
    const faulty = gpuPod('nonsense');
    for (const path of ['/mutate', '/validate']) {
      expect(await ours.client.review(path, reviewOf(faulty, request))).toEqual({ uid, allowed: true });
    }
  });

  it('B50: the namespace is that of the request, and a pod without a name is logged by generateName', async () => {
    const pod = { ...gpuPod(), metadata: { ...gpuPod().metadata, name: undefined, generateName: 'train-' } };
    const lying = { ...pod, metadata: { ...pod.metadata, namespace: 'kube-system' } };
    await ours.client.review('/mutate', reviewOf(lying, { name: undefined, uid: 'by-generate-name' }));
    expect(ours.lines()).toContainEqual(
      expect.objectContaining({ uid: 'by-generate-name', namespace: 'team-vision', pod: 'train-' }),
    );
  });
});

describe('B53: /validate', () => {
  it('B53: what /mutate made passes, and counts its units once', async () => {
    const before = await admittedUnits();
    const pod = await mutated(gpuPod());
    expect(await ours.client.review('/validate', reviewOf(pod))).toEqual({ uid, allowed: true });
    expect(await admittedUnits()).toBe(before + 50);
    await ours.client.review('/validate', reviewOf(pod, { dryRun: true }));
    expect(await admittedUnits()).toBe(before + 50);
  });

  it.each([
    ['annotated', gpuPod().metadata],
    ['not annotated', { name: 'bare' }],
  ])('B13: units set by hand are left by /mutate and refused by /validate, %s', async (_, metadata) => {
    const resources = { limits: { 'bitfusion.io/gpu': '50' } };
    const pod = { metadata, spec: { containers: [{ ...gpuContainer, resources }] } };
    expect((await ours.client.review('/mutate', reviewOf(pod))).allowed).toBe(true);
    const { allowed, status } = await ours.client.review('/validate', reviewOf(pod));
    expect(allowed).toBe(false);
    expect(status?.message).toMatch(/VALIDATION_UNITS_BY_HAND/);
  });

  it('B53: units that somebody changed after the mutation are refused', async () => {
    const pod = JSON.parse(
      JSON.stringify(await mutated(gpuPod())).replaceAll('"bitfusion.io/gpu":"50"', '"bitfusion.io/gpu":"5"'),
    ) as object;
    const { allowed, status } = await ours.client.review('/validate', reviewOf(pod));
    expect(allowed).toBe(false);
    expect(status?.details?.causes?.map(({ field }) => field)).toEqual([
      'spec.containers[0].resources.limits[bitfusion.io/gpu]',
      'spec.containers[0].resources.requests[bitfusion.io/gpu]',
    ]);
  });

  it('B76: an UPDATE is allowed, which no configuration sends, whatever it changes', async () => {
    const resources = { limits: { 'bitfusion.io/gpu': '50' } };
    const byHand = { metadata: { name: 'x' }, spec: { containers: [{ ...gpuContainer, resources }] } };
    const request = { operation: 'UPDATE', oldObject: plainPod };
    expect(await ours.client.review('/validate', reviewOf(byHand, request))).toEqual({ uid, allowed: true });
  });

  it.each(['DELETE', 'CONNECT'])('B50a: %s is allowed', async (operation) => {
    const request = { operation, oldObject: gpuPod('nonsense') };
    expect((await ours.client.review('/validate', reviewOf(null, request))).allowed).toBe(true);
  });

  it.each([
    ['some node offers it', 'offered', true],
    ['no node has been read yet', undefined, true],
    ['no node offers it yet', 'awaited', true],
    ['no node offers it', 'missing', false],
  ] as const)('B53: a pod with units, where %s', async (_, offer, allowed) => {
    await using other = await standalone({}, { resourceOffers: { offers: () => offer } });
    const answer = await other.client.review('/validate', reviewOf(await mutated(gpuPod())));
    expect(answer.allowed).toBe(allowed);
    if (!allowed) expect(answer.status?.message).toMatch(/ADMISSION_RESOURCE_NOT_OFFERED/);
    // B77: whoever is let through early knows what the pod waits for.
    const awaits = 'no node offers bitfusion.io/gpu yet: the pod stays Pending until one does';
    const warnings = answer.warnings?.filter((warning) => warning.endsWith(awaits)) ?? [];
    expect(warnings).toHaveLength(offer === 'awaited' ? 1 : 0);
    expect((await other.client.review('/validate', reviewOf(plainPod))).allowed).toBe(true);
  });
});

async function admittedUnits(): Promise<number> {
  const { values } = await ours.metrics.admittedUnits.get();
  return values.find(({ labels }) => labels.namespace === 'team-vision')?.value ?? 0;
}
