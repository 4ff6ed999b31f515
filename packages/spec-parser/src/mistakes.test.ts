import { describe, expect, it } from 'vitest';

import { anyPod, errorsOf, gpuContainer, gpuPod, parse, podAsking, warningsOf } from '../test/pods.ts';
import type { PodLike } from './pod/pod.ts';

const amount = { 'bitfusion.io/gpu-amount': '1' };

function withSpec(spec: object, containers: readonly object[] = [gpuContainer()]): PodLike {
  return anyPod({ ...gpuPod(), spec: { containers, ...spec } });
}

/** A required affinity of one term for each list of values. */
function nodeAffinity(key: string, ...terms: string[][]): object {
  const nodeSelectorTerms = terms.map((values) => ({
    matchExpressions: [{ key, operator: 'In', values }],
  }));
  const required = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } };
  return { affinity: { nodeAffinity: required } };
}

describe('a misspelt annotation', () => {
  it.each([
    ['bitfusion-client/filters', 'did you mean bitfusion-client/filter?'],
    ['bitfusion-client/Home', 'did you mean bitfusion-client/home?'],
    ['bitfusion-clients/os', 'did you mean bitfusion-client/os?'],
    ['auto-managment/bitfusion', 'did you mean auto-management/bitfusion?'],
    ['bitfusion-client/gpu-of-my-choice', 'remove it'],
  ])('B83: %s is warned of', (key, edit) => {
    const { errors, warnings } = parse(gpuPod({ [key]: 'x' }));
    expect(errors).toEqual([]);
    expect(warnings).toMatchObject([
      { code: 'SPEC_ANNOTATION_UNKNOWN', field: `metadata.annotations[${key}]` },
    ]);
    expect(warnings[0]?.message).toContain(edit);
  });

  it.each(['example.com/filters', 'client/os', 'auto/bitfusion', 'management/bitfusion'])(
    'B83: %s belongs to somebody else',
    (key) => {
      expect(warningsOf(gpuPod({ [key]: 'x' }))).toEqual([]);
    },
  );

  it('B83: one that is a label is told where it belongs, unless it is there too', () => {
    const labels = { 'auto-management/bitfusion': 'all', 'bitfusion-client/os': 'ubuntu20' };
    const { metadata, spec } = gpuPod({ 'bitfusion-client/os': 'ubuntu20' });
    expect(warningsOf(anyPod({ metadata: { ...metadata, labels }, spec }))).toEqual([]);
    expect(parse(anyPod({ metadata: { labels }, spec })).warnings.map(({ field }) => field)).toEqual([
      'spec.containers[0].resources',
      'metadata.labels[auto-management/bitfusion]',
      'metadata.labels[bitfusion-client/os]',
    ]);
  });
});

describe('GPUs at the wrong place', () => {
  it.each(['bitfusion.io/gpu-amount', 'bitfusion.io/gpu', 'bitfusion.io/gpu-precent'])(
    'B83: %s of the whole pod is an error',
    (name) => {
      const pod = withSpec({ resources: { limits: { cpu: 1, [name]: 1 } } }, [{ name: 'a' }]);
      expect(parse(pod).errors).toMatchObject([
        { code: 'SPEC_POD_LEVEL_FORBIDDEN', field: `spec.resources.limits[${name}]` },
      ]);
    },
  );

  it('B16, B83: GPUs of the whole pod in mode none are warned of', () => {
    const pod = anyPod({ spec: { resources: { limits: amount }, containers: [{ name: 'a' }] } });
    expect(parse(pod).warnings.map(({ code }) => code)).toEqual([
      'SPEC_NOT_MANAGED',
      'SPEC_POD_LEVEL_FORBIDDEN',
    ]);
  });

  it.each(['nvidia.com/gpu', 'nvidia.com/mig-1g.5gb', 'amd.com/gpu'])(
    'B83: %s in an annotated pod is warned of',
    (name) => {
      expect(parse(podAsking({ ...amount, [name]: 1 })).warnings).toMatchObject([{ code: 'SPEC_NODE_GPU' }]);
      const other = anyPod({ spec: { containers: [{ name: 'a', resources: { limits: { [name]: 1 } } }] } });
      expect(warningsOf(other)).toEqual([]);
    },
  );
});

describe('a pod for other machines', () => {
  const windowsOptions = { windowsOptions: { runAsUserName: 'x' } };
  it.each<[string, object, object?]>([
    ['spec.nodeSelector[kubernetes.io/os]', { nodeSelector: { 'kubernetes.io/os': 'windows' } }],
    ['spec.nodeSelector[beta.kubernetes.io/os]', { nodeSelector: { 'beta.kubernetes.io/os': 'windows' } }],
    [
      'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms',
      nodeAffinity('kubernetes.io/os', ['windows'], ['windows']),
    ],
    ['spec.securityContext.windowsOptions', { securityContext: windowsOptions }],
    ['spec.containers[0].securityContext.windowsOptions', {}, { securityContext: windowsOptions }],
  ])('B83: Windows by %s is an error', (field, spec, container = {}) => {
    const pod = withSpec(spec, [{ ...gpuContainer(), ...container }]);
    expect(parse(pod).errors).toMatchObject([{ code: 'SPEC_WINDOWS_FORBIDDEN', field }]);
  });

  it.each([
    { nodeSelector: { 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' } },
    nodeAffinity('kubernetes.io/os', ['windows'], ['linux']),
    nodeAffinity('kubernetes.io/arch', ['amd64', 'arm64']),
    nodeAffinity('zone', ['windows']),
    { affinity: 'x' },
    { nodeSelector: 'x' },
    { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: null } } },
  ])('B83: %j may be Linux on amd64', (spec) => {
    expect(errorsOf(withSpec(spec))).toEqual([]);
    expect(warningsOf(withSpec(spec))).toEqual([]);
  });

  it.each([
    { nodeSelector: { 'kubernetes.io/arch': 'arm64' } },
    { nodeSelector: { 'beta.kubernetes.io/arch': 's390x' } },
    nodeAffinity('kubernetes.io/arch', ['arm64'], ['ppc64le']),
  ])('B83: %j has no client package', (spec) => {
    expect(parse(withSpec(spec)).warnings).toMatchObject([{ code: 'SPEC_ARCHITECTURE_UNSUPPORTED' }]);
  });

  it('B83: a preinstalled client is made for its image', () => {
    const pod = gpuPod({ 'bitfusion-client/version': 'preinstalled' });
    const spec = { ...pod.spec, nodeSelector: { 'kubernetes.io/arch': 'arm64' } };
    expect(warningsOf(anyPod({ ...pod, spec }))).toEqual([]);
  });
});

describe('little ephemeral storage', () => {
  it.each([
    ['20Mi', undefined, true],
    ['20Mi', '1Gi', false],
    ['256Mi', undefined, false],
    ['100Mi', '100Mi', true],
    ['x', '1Mi', false],
  ])('B83: limits of %s and %s are too little: %s', (one, other, isLittle) => {
    const second =
      other === undefined ? [] : [{ name: 'b', resources: { limits: { 'ephemeral-storage': other } } }];
    const first = gpuContainer({ resources: { limits: { ...amount, 'ephemeral-storage': one } } });
    expect(parse(gpuPod({}, [first, ...second])).warnings.map(({ code }) => code)).toEqual(
      isLittle ? ['SPEC_STORAGE_SMALL'] : [],
    );
  });
});

describe('a message names the edit', () => {
  it.each<[Record<string, unknown>, string]>([
    [
      { 'bitfusion.io/gpu-amount': '0.5' },
      'for 50 % of one GPU set bitfusion.io/gpu-amount 1 and bitfusion.io/gpu-percent 50',
    ],
    [{ 'bitfusion.io/gpu-amount': 1, 'bitfusion.io/gpu-memory': '8GB' }, 'write 8G'],
    [{ 'bitfusion.io/gpu-amount': 1, 'bitfusion.io/gpu-memory': '8 GiB' }, 'write 8Gi'],
    [{ 'bitfusion.io/gpu-amount': 1, 'bitfusion.io/gpu-memory': '512mb' }, 'write 512M'],
    [{ 'bitfusion.io/gpu-amount': 1, 'bitfusion.io/gpu-percent': '50%' }, 'write 50'],
    [{ 'bitfusion.io/gpu-amount': '{{ .Values.gpus }}' }, 'is an unrendered Helm template'],
  ])('B83: %j', (limits, edit) => {
    const errors = errorsOf(podAsking(limits));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(edit);
  });

  it('B83: an annotation may be a Helm template too', () => {
    expect(errorsOf(gpuPod({ 'auto-management/bitfusion': '{{ .Values.mode }}' }))).toEqual([
      'metadata.annotations[auto-management/bitfusion]: Invalid value: "{{ .Values.mode }}": is an unrendered Helm template: render the chart first (helm template)',
    ]);
  });
});
