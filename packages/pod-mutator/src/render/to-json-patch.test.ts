import type { ContainerLike, PodLike } from '@bwki/spec-parser';
import { describe, expect, it } from 'vitest';

import { applyStrictly } from '../../test/apply-strictly.ts';
import { gpuContainer, gpuPod, mutated, podOf, policyOf } from '../../test/gpu-pod.ts';
import { applyPlan } from './apply-plan.ts';
import { escapeToken, pointer } from './json-patch.ts';
import { isEmptyPlan } from '../plan/plan.ts';
import { toJsonPatch } from './to-json-patch.ts';

/** The patch as `op path`; applied strictly it has to give the mutated pod. */
function operationsOf(pod: PodLike, policy = policyOf()): readonly string[] {
  const { patch, mutatedPod } = mutated(pod, policy);
  expect(applyStrictly(pod, patch)).toEqual(mutatedPod());
  return patch.map((operation) => `${operation.op} ${operation.path}`);
}

const container = '/spec/containers/0';

describe('the patch', () => {
  it('B43: adds to what is there, one element at a time', () => {
    const pod = gpuPod(
      { args: ['x'], env: [{ name: 'A', value: '1' }], volumeMounts: [{ name: 'v', mountPath: '/v' }] },
      { volumes: [{ name: 'v' }], initContainers: [{ name: 'i' }] },
    );
    expect(operationsOf(pod)).toEqual([
      'add /metadata/annotations/auto-management~1status',
      'add /spec/volumes/-',
      'add /spec/volumes/-',
      ...[0, 1, 2, 3, 4, 5, 6].map((index) => `add ${container}/command/${index}`),
      `add ${container}/env/-`,
      `add ${container}/env/-`,
      `remove ${container}/resources/limits/bitfusion.io~1gpu-amount`,
      `remove ${container}/resources/limits/bitfusion.io~1gpu-percent`,
      `add ${container}/resources/limits/bitfusion.io~1gpu`,
      `add ${container}/resources/requests`,
      ...[0, 1, 2, 3, 4].map(() => `add ${container}/volumeMounts/-`),
      'add /spec/initContainers/0',
    ]);
  });

  it('B43: makes parents only where there are none', () => {
    const operations = operationsOf(gpuPod());
    expect(operations).toContain('add /spec/volumes');
    expect(operations).toContain(`add ${container}/env`);
    expect(operations).toContain(`add ${container}/volumeMounts`);
    expect(operations).toContain('add /spec/initContainers');
    expect(operations.filter((operation) => operation.endsWith('/-'))).toEqual([]);
  });

  it('B43: takes null for absent, as YAML writes an empty field', () => {
    const nothing = { volumes: null, initContainers: null, imagePullSecrets: null, securityContext: null };
    const pod = gpuPod(
      { args: null, env: null, volumeMounts: null, securityContext: null } as unknown as ContainerLike,
      nothing as object,
    );
    pod.spec?.containers?.forEach((own) => {
      Object.assign(own.resources ?? {}, { requests: null });
    });
    const operations = operationsOf(pod, policyOf({ imagePullSecrets: ['pull'] }));
    expect(operations).toContain('add /spec/imagePullSecrets');
    expect(operations.filter((operation) => operation.endsWith('/-'))).toEqual([]);
  });

  it('B34, B43: writes out what the image runs', () => {
    const value = { entrypoint: ['python'], cmd: ['x'] };
    const options = { imageConfigs: new Map([['registry.example/train:1', { ok: true as const, value }]]) };
    for (const args of [undefined, [], ['y']]) {
      const pod = gpuPod({ command: [], ...(args && { args }) });
      const { patch, mutatedPod } = mutated(pod, policyOf(), options);
      expect(applyStrictly(pod, patch)).toEqual(mutatedPod());
      const written = patch.map(({ path }) => path).filter((path) => /(command|args)$/.test(path));
      expect(written).toEqual([`${container}/command`, ...(args?.length === 1 ? [] : [`${container}/args`])]);
    }
  });

  it('B39, B43: gives a step that is there what it lacks', () => {
    const first = mutated(podOf([gpuContainer(), { name: 'a', resources: { requests: { cpu: '1' } } }]));
    const stepWith = (resources: unknown): PodLike => {
      const pod = structuredClone(first.mutatedPod());
      Object.assign(pod.spec?.initContainers?.[0] ?? {}, { resources });
      return pod;
    };
    const step = 'add /spec/initContainers/0/resources';
    expect(operationsOf(stepWith(undefined))).toEqual([step]);
    expect(operationsOf(stepWith(null))).toEqual([step]);
    expect(operationsOf(stepWith({}))).toEqual([`${step}/requests`]);
    expect(operationsOf(stepWith({ limits: { cpu: '2' }, requests: {} }))).toEqual([`${step}/requests/cpu`]);
    expect(operationsOf(stepWith({ limits: { cpu: '10m' } }))).toEqual([
      `${step}/limits/cpu`,
      `${step}/requests`,
    ]);
  });

  it.each([undefined, null, {}, { annotations: null }])(
    'B43: makes the annotations of metadata %j',
    (metadata) => {
      const plan = {
        annotations: [{ key: 'a/b', value: 'c' }],
        volumes: [],
        imagePullSecrets: [],
        populate: [],
        containers: [],
      };
      const pod = { ...(metadata !== undefined && { metadata }), spec: {} } as PodLike;
      const patched = applyStrictly(pod, toJsonPatch(plan, pod));
      expect(patched).toEqual({ metadata: { annotations: { 'a/b': 'c' } }, spec: {} });
      expect(applyPlan(pod, plan)).toEqual(patched);
    },
  );

  it('B43: replaces the text of a shell and adds around it', () => {
    expect(operationsOf(gpuPod({ command: ['python x '], args: ['y'] })).slice(2, 13)).toEqual([
      `replace ${container}/command/0`,
      `add ${container}/command/-`,
      ...[0, 1, 2, 3, 4, 5, 6, 7, 8].map((index) => `add ${container}/command/${index}`),
    ]);
    expect(operationsOf(gpuPod({ command: ['python x'] })).join()).not.toContain('replace');
  });

  it('B43: does not replace a text that stays as it is', () => {
    expect(operationsOf(gpuPod({ command: ['python'] })).join()).not.toContain('replace');
  });

  it('B38, B43: removes the request from both lists', () => {
    const amounts = { 'bitfusion.io/gpu-num': '1', 'bitfusion.io/gpu-memory': '8000M' };
    const operations = operationsOf(
      gpuPod({ resources: { limits: amounts, requests: { ...amounts, cpu: '1' } } }),
    );
    expect(operations.filter((operation) => operation.includes('resources'))).toEqual([
      `remove ${container}/resources/limits/bitfusion.io~1gpu-num`,
      `remove ${container}/resources/limits/bitfusion.io~1gpu-memory`,
      `add ${container}/resources/limits/bitfusion.io~1gpu`,
      `remove ${container}/resources/requests/bitfusion.io~1gpu-num`,
      `remove ${container}/resources/requests/bitfusion.io~1gpu-memory`,
      `add ${container}/resources/requests/bitfusion.io~1gpu`,
    ]);
  });

  it('B37, B43: renames a variable and puts the new one behind it', () => {
    const env = [{ name: 'LD_LIBRARY_PATH', valueFrom: {} }, { name: 'Z' }];
    expect(operationsOf(gpuPod({ env }), policyOf({ libraryPath: 'env' }))).toEqual(
      expect.arrayContaining([`replace ${container}/env/0/name`, `add ${container}/env/1`]),
    );
    const literal = [{ name: 'LD_LIBRARY_PATH', value: '/x' }];
    expect(operationsOf(gpuPod({ env: literal }), policyOf({ libraryPath: 'env' }))).toContain(
      `add ${container}/env/0/value`,
    );
  });

  it('B43: a usual pod of one container costs at most 3 KB', () => {
    const bytes = (pod: PodLike): number => Buffer.byteLength(JSON.stringify(mutated(pod).patch));
    const written = gpuPod(
      { name: 'bf-pkgs', command: ['python tf_cnn_benchmarks.py --batch_size=32'] },
      { volumes: [{ name: 'code' }] },
      { 'bitfusion-client/os': 'ubuntu20', 'bitfusion-client/version': '450' },
    );
    expect(bytes(written)).toBeLessThanOrEqual(3072);
    // As the API server sends it: limits are requests too, and there is a token of the service account.
    const amounts = {
      cpu: '4',
      memory: '16Gi',
      'bitfusion.io/gpu-amount': '1',
      'bitfusion.io/gpu-percent': '50',
    };
    const sent = gpuPod(
      {
        resources: { limits: amounts, requests: amounts },
        volumeMounts: [
          { name: 'kube-api-access-x2x4c', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
        ],
      },
      { volumes: [{ name: 'kube-api-access-x2x4c' }], securityContext: {} },
    );
    expect(bytes(sent)).toBeLessThanOrEqual(3072);
  });

  it('B43: names containers of both lists before it moves any', () => {
    const pod = podOf([gpuContainer()], { initContainers: [{ name: 'i' }, gpuContainer({ name: 'j' })] });
    const operations = operationsOf(pod);
    expect(operations.at(-1)).toBe('add /spec/initContainers/0');
    expect(operations.some((operation) => operation.startsWith('add /spec/initContainers/1/'))).toBe(true);
  });
});

describe('a JSON pointer', () => {
  it.each([
    ['a/b', 'a~1b'],
    ['a~b', 'a~0b'],
    ['~1', '~01'],
    ['~/', '~0~1'],
    ['plain', 'plain'],
    ['', ''],
  ])('B43: escapes %j as %j', (token, escaped) => {
    expect(escapeToken(token)).toBe(escaped);
  });

  it('B43: is built below another', () => {
    expect(pointer('/a~1b', 0, 'c/d')).toBe('/a~1b/0/c~1d');
  });
});

describe('isEmptyPlan', () => {
  const empty = { annotations: [], volumes: [], imagePullSecrets: [], containers: [], populate: [] };
  const keep = { kind: 'keep', index: 0, args: [], resources: undefined } as const;

  it('B44: a step that stays where it is changes nothing', () => {
    expect(isEmptyPlan(empty)).toBe(true);
    expect(isEmptyPlan({ ...empty, populate: [keep] })).toBe(true);
  });

  it.each([
    [{ annotations: [{ key: 'a', value: 'b' }] }],
    [{ volumes: [{ name: 'v', emptyDir: {} }] }],
    [{ imagePullSecrets: [{ name: 'p' }] }],
    [{ populate: [{ ...keep, index: 1 }] }],
    [{ populate: [{ ...keep, args: ['x'] }] }],
    [{ populate: [{ ...keep, resources: { requests: { cpu: '1' } } }] }],
  ])('B44: %j changes something', (part) => {
    expect(isEmptyPlan({ ...empty, ...part })).toBe(false);
  });
});
