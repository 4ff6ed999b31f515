import { createLog } from '@bwki/daemon';
import { createPolicy, mutatePod, type Policy } from '@bwki/pod-mutator';
import { ok } from '@bwki/plain-data';
import jsonpatch from 'fast-json-patch';
import { describe, expect, it } from 'vitest';

import { admissionEndpoint } from '../src/admission/admission-endpoint.ts';
import { decodeReview, type AdmissionRequest } from '../src/admission/admission-review.ts';
import type { Decision } from '../src/admission/decision.ts';
import { createMetrics, type WebhookName } from '../src/metrics.ts';
import { WatchedNamespaces } from '../src/namespaces/watched-namespaces.ts';
import { gpuPod, plainPod, reviewOf } from './review.ts';
import { InMemoryNamespaces } from './token/in-memory-namespaces.ts';

const gpuTeams = { matchLabels: { gpus: 'bitfusion' } };
const log = createLog('silent', { write: () => 0 });

function policy(): Policy {
  const made = createPolicy({ totalGpuMemory: '16000' });
  if (!made.ok) throw new Error('the policy is broken');
  return made.value;
}

function requestOf(pod: unknown, request: object = {}): AdmissionRequest {
  const review = decodeReview(reviewOf(pod, request));
  if (!review.ok) throw new Error(review.error);
  return review.value.request;
}

/** A pod as `/mutate` leaves it. */
function injected(pod = gpuPod()): object {
  const mutated = mutatePod(pod, policy());
  if (!mutated.ok) throw new Error('the pod is broken');
  const copy = structuredClone(pod) as object;
  return jsonpatch.applyPatch(copy, structuredClone(mutated.value.patch) as jsonpatch.Operation[])
    .newDocument;
}

function webhook(objectSelector = {}) {
  const namespaces = new InMemoryNamespaces(gpuTeams);
  namespaces.put('team-vision', { gpus: 'bitfusion' });
  namespaces.put('other');
  namespaces.missing.add('never-was');
  const watched = new WatchedNamespaces({ api: namespaces, log, objectSelector });
  const copied: string[] = [];
  const tokenCopies = {
    ensure: (namespace: string) => {
      copied.push(namespace);
      return Promise.resolve(ok(undefined));
    },
  };
  const current = policy();
  const context = {
    policy: { current: () => current },
    log,
    metrics: createMetrics(),
    tokenCopies,
    namespaces: watched,
  };
  return {
    copied,
    decide: async (name: WebhookName, request: AdmissionRequest): Promise<Decision['kind']> =>
      (await admissionEndpoint(name, context).decide(request, () => AbortSignal.timeout(5000))).kind,
    [Symbol.asyncDispose]: () => watched[Symbol.asyncDispose](),
  };
}

describe('B71: reviews of what is not served', () => {
  it.each(['other', 'never-was', '..', '.', 'a.b', 'kube-system/..', 'Team'])(
    'B71: a forged review of the namespace %j changes nothing and copies nothing',
    async (namespace) => {
      await using ours = webhook();
      const request = requestOf(gpuPod(), { namespace });
      expect(await ours.decide('mutate', request)).toBe('unserved');
      expect(await ours.decide('mutate', requestOf(injected(), { namespace }))).toBe('unserved');
      expect(await ours.decide('validate', request)).toBe('unserved');
      expect(ours.copied).toEqual([]);
    },
  );

  it('B71: a pod of a served namespace is judged as ever', async () => {
    await using ours = webhook();
    expect(await ours.decide('mutate', requestOf(gpuPod()))).toBe('mutated');
    expect(await ours.decide('validate', requestOf(gpuPod()))).toBe('allowed');
    expect(await ours.decide('mutate', requestOf(plainPod))).toBe('unchanged');
    expect(ours.copied).toEqual(['team-vision']);
  });

  it('B71: a pod that the object selector leaves out is not judged', async () => {
    await using ours = webhook({ matchLabels: { gpu: 'yes' } });
    const selected = { ...gpuPod(), metadata: { ...gpuPod().metadata, labels: { gpu: 'yes' } } };
    expect(await ours.decide('mutate', requestOf(gpuPod()))).toBe('unserved');
    expect(await ours.decide('mutate', requestOf(selected))).toBe('mutated');
  });

  it('B71: a name that is no DNS label is not served without a cluster either', async () => {
    const current = policy();
    const endpoint = admissionEndpoint('mutate', {
      policy: { current: () => current },
      log,
      metrics: createMetrics(),
    });
    const decided = await endpoint.decide(requestOf(gpuPod(), { namespace: '..' }), () =>
      AbortSignal.abort(),
    );
    expect(decided.kind).toBe('unserved');
  });

  it('B71: a namespace that the API server is not asked for in time is no answer: the pod may come again', async () => {
    await using ours = webhook();
    const flood = Array.from({ length: 101 }, (_, i) =>
      ours.decide('validate', requestOf(gpuPod(), { namespace: `forged-${i}` })),
    );
    expect((await Promise.all(flood)).filter((kind) => kind === 'unavailable')).toHaveLength(1);
  });
});

describe('B74: a pod that was injected before', () => {
  it('B74: gets its token, though nothing in it is changed', async () => {
    await using ours = webhook();
    expect(await ours.decide('mutate', requestOf(injected()))).toBe('unchanged');
    expect(ours.copied).toEqual(['team-vision']);
  });

  it('B74: gets it whatever its annotation says', async () => {
    await using ours = webhook();
    const pod = injected() as { metadata: object };
    const kinds = [
      {},
      { 'auto-management/bitfusion': 'none' },
      { 'auto-management/bitfusion': 'injection' },
    ].map((annotations) =>
      ours.decide('mutate', requestOf({ ...pod, metadata: { ...pod.metadata, annotations } })),
    );
    expect(await Promise.all(kinds)).not.toContain('denied');
    expect(ours.copied).toHaveLength(3);
  });

  it('B51, B74: does not on a dry run', async () => {
    await using ours = webhook();
    expect(await ours.decide('mutate', requestOf(injected(), { dryRun: true }))).toBe('unchanged');
    expect(ours.copied).toEqual([]);
  });

  it.each([
    ['of another name', { name: 'mine', projected: { sources: [{ secret: { name: 'bitfusion-secret' } }] } }],
    ['of another secret', { name: 'bwki-token', projected: { sources: [{ secret: { name: 'mine' } }] } }],
    ['that is no projected one', { name: 'bwki-token', emptyDir: {} }],
    ['of a wrong shape', { name: 'bwki-token', projected: { sources: [null, 1, { secret: 'x' }] } }],
    ['of another wrong shape', { name: 'bwki-token', projected: { sources: {} } }],
  ])('B74: a volume %s asks for no copy', async (_, volume) => {
    await using ours = webhook();
    const pod = { ...plainPod, spec: { ...plainPod.spec, volumes: [null, volume] } };
    await ours.decide('mutate', requestOf(pod));
    expect(ours.copied).toEqual([]);
  });
});
