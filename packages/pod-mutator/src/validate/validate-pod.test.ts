import type { PodLike } from '@bwki/spec-parser';
import { formatFieldError } from '@bwki/spec-parser';
import { describe, expect, it } from 'vitest';

import { gpuContainer, gpuPod, injection, mutated, podOf, policyOf } from '../../test/gpu-pod.ts';
import { memoryResources, tampered, verdictOf, withUnits } from '../../test/tampered.ts';
import { validatePod } from './validate-pod.ts';

describe('validatePod', () => {
  const pods: [string, PodLike][] = [
    ['a percentage', gpuPod()],
    ['whole GPUs', gpuPod({ resources: { limits: { 'bitfusion.io/gpu-amount': '3' } } })],
    [
      'an explicit 100 %',
      gpuPod({ resources: { limits: { 'bitfusion.io/gpu-num': 1, 'bitfusion.io/gpu-percent': 100 } } }),
    ],
    ['memory', gpuPod({ resources: memoryResources })],
    ['mode injection', gpuPod({ resources: memoryResources }, {}, injection)],
    ['a preinstalled client', gpuPod({}, {}, { 'bitfusion-client/version': 'preinstalled' })],
    [
      'a run of its own that takes less',
      gpuPod({ command: ['bitfusion', 'run', '-n', '1', '-p', '0.1', 'x'] }),
    ],
    [
      'a run of its own by the path of the launcher',
      gpuPod({ command: ['/usr/local/bin/bitfusion', 'run', '-n', '1', '-p', '0.5', 'x'] }),
    ],
    [
      'a run by variables',
      gpuPod(
        { command: ['sh', '-c', 'bitfusion run -n $BITFUSION_GPU_AMOUNT -p $BITFUSION_GPU_PARTIAL x'] },
        {},
        injection,
      ),
    ],
    ['an init container', podOf([{ name: 'a' }], { initContainers: [gpuContainer({ name: 'i' })] })],
    [
      'a named container',
      podOf(
        [
          gpuContainer(),
          { name: 'helper', command: ['bitfusion', 'health'], env: [{ name: 'OWN', value: '1' }] },
        ],
        {},
        { ...injection, 'bitfusion-client/containers': 'helper' },
      ),
    ],
    ['nothing asked', podOf([{ name: 'a' }])],
  ];

  it.each(pods)('B53: a pod is valid before and after its mutation: %s', (_, pod) => {
    expect(verdictOf(pod)).toEqual([]);
    expect(verdictOf(mutated(pod).mutatedPod())).toEqual([]);
  });

  it.each<[string, PodLike['metadata'] & object]>([
    ['without annotation', {}],
    ['in mode none', { annotations: { 'auto-management/bitfusion': 'none' } }],
    ['in mode all', { annotations: { 'auto-management/bitfusion': 'all' } }],
    [
      'with the status of a mutation',
      { annotations: { 'auto-management/bitfusion': 'all', 'auto-management/status': 'injected' } },
    ],
  ])('B13: units set by hand are refused, %s', (_, metadata) => {
    const byHand = { name: 'a', resources: { limits: { 'bitfusion.io/gpu': '50' } } };
    const request = { name: 'b', resources: { requests: { 'bitfusion.io/gpu': '0' } } };
    expect(
      verdictOf({ metadata, spec: { containers: [{ name: 'c' }, byHand], initContainers: [request] } }),
    ).toEqual([
      'VALIDATION_UNITS_BY_HAND spec.initContainers[0].resources.requests[bitfusion.io/gpu]',
      'VALIDATION_UNITS_BY_HAND spec.containers[1].resources.limits[bitfusion.io/gpu]',
    ]);
    // The mutation leaves them, since another webhook may yet come to serve the pod.
    expect(mutated({ metadata, spec: { containers: [byHand] } }).patch).toEqual([]);
  });

  it('B13: beside what is asked for they are refused once', () => {
    const limits = { ...gpuContainer().resources?.limits, 'bitfusion.io/gpu': '50' };
    expect(verdictOf(gpuPod({ resources: { limits } }))).toEqual([
      'SPEC_UNITS_FORBIDDEN spec.containers[0].resources.limits[bitfusion.io/gpu]',
    ]);
  });

  it('B15: a mirror pod is left alone', () => {
    const annotations = { 'kubernetes.io/config.mirror': 'x' };
    const containers = [{ name: 'a', resources: { limits: { 'bitfusion.io/gpu': '50' } } }];
    expect(verdictOf({ metadata: { annotations }, spec: { containers } })).toEqual([]);
  });

  it.each<[string, unknown, unknown, string[]]>([
    ['up', '51', '51', ['limits', 'requests']],
    ['down', '1', '1', ['limits', 'requests']],
    ['in limits alone', '51', '50', ['limits']],
    ['in requests alone', '50', '49', ['requests']],
    ['to no number', 'x', '50', ['limits']],
    ['to a fraction', '49.5', '50', ['limits']],
    ['to null', null, '50', ['limits']],
    ['to another spelling', '0.05k', 50, []],
  ])('B53: units changed by hand, %s', (_, limits, requests, lists) => {
    expect(verdictOf(withUnits(gpuPod(), limits, requests))).toEqual(
      lists.map((list) => `VALIDATION_UNITS_DIFFER spec.containers[0].resources.${list}[bitfusion.io/gpu]`),
    );
  });

  it('B53: units taken away', () => {
    const missing = ['VALIDATION_UNITS_MISSING spec.containers[0].resources.limits[bitfusion.io/gpu]'];
    expect(verdictOf(withUnits(gpuPod(), undefined))).toEqual(missing);
    expect(verdictOf(withUnits(gpuPod(), undefined, '50'))).toEqual(missing);
    expect(verdictOf(tampered(gpuPod(), () => ({ resources: null })))).toEqual(missing);
    // The API server gives it the request of the limit.
    expect(verdictOf(withUnits(gpuPod(), '50', undefined))).toEqual([]);
  });

  it('B53: says what the units should be', () => {
    const text = (pod: PodLike): string =>
      validatePod(pod, policyOf()).errors.map(formatFieldError).join('\n');
    const units = 'spec.containers[0].resources.limits[bitfusion.io/gpu]';
    expect(text(withUnits(gpuPod(), '51', '50'))).toBe(
      `${units}: Invalid value: "51": must be 50, which its request comes to`,
    );
    expect(text(withUnits(gpuPod({ resources: memoryResources }), undefined))).toBe(
      `${units}: Required value: must be 100, which its request comes to`,
    );
    expect(
      text({ spec: { containers: [{ name: 'a', resources: { limits: { 'bitfusion.io/gpu': '1' } } }] } }),
    ).toBe(
      `${units}: Forbidden: is reckoned from bitfusion.io/gpu-amount with bitfusion.io/gpu-percent or bitfusion.io/gpu-memory: ask for those, and annotate the pod with auto-management/bitfusion: all or injection`,
    );
  });

  it('B53: units are reckoned exactly from the bytes, not from the MiB of the flag', () => {
    const resources = { limits: { 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu-memory': '1120M' } };
    const pod = gpuPod({ resources });
    expect(verdictOf(withUnits(pod, '7'))).toEqual([]);
    expect(verdictOf(withUnits(pod, '8'))).toHaveLength(2);
  });

  it('B21, B53: units by memory cannot be checked where the memory of a GPU is not known', () => {
    const pod = mutated(gpuPod({ resources: memoryResources })).mutatedPod();
    expect(verdictOf(pod, policyOf({ totalGpuMemory: 0 }))).toEqual([
      'VALIDATION_UNITS_DIFFER spec.containers[0].resources.limits[bitfusion.io/gpu]',
      'VALIDATION_UNITS_DIFFER spec.containers[0].resources.requests[bitfusion.io/gpu]',
    ]);
  });

  it('B53: every container is judged', () => {
    const pod = podOf([gpuContainer(), gpuContainer({ name: 'b' })], {
      initContainers: [gpuContainer({ name: 'i' })],
    });
    const after = structuredClone(mutated(pod).mutatedPod());
    for (const container of [...(after.spec?.initContainers ?? []), ...(after.spec?.containers ?? [])]) {
      if (container.resources !== undefined)
        Object.assign(container.resources, { limits: { 'bitfusion.io/gpu': '9' } });
    }
    expect(verdictOf(after)).toEqual(
      ['initContainers[1]', 'containers[0]', 'containers[1]'].map(
        (place) => `VALIDATION_UNITS_DIFFER spec.${place}.resources.limits[bitfusion.io/gpu]`,
      ),
    );
  });

  it('B14, B53: the faults of the request come first, and warnings come too', () => {
    const pod = gpuPod({ command: ['sh', '-c', 'bitfusion run -n $N x'] });
    expect(validatePod(pod, policyOf()).warnings.map(({ code }) => code)).toEqual([
      'MUTATION_RUN_UNREADABLE',
    ]);
    const broken = podOf([
      gpuContainer({ command: [''] }),
      { name: 'b', resources: { limits: { 'bitfusion.io/gpu': 1 } } },
    ]);
    expect(verdictOf(broken).map((line) => line.split(' ')[0])).toEqual([
      'MUTATION_COMMAND_EMPTY',
      'VALIDATION_UNITS_BY_HAND',
    ]);
  });

  it('wrong shapes of a served container are errors', () => {
    const pod = tampered(gpuPod(), () => ({ command: 'python', env: 'x' }));
    expect(verdictOf(pod)).toEqual([
      'MUTATION_SHAPE spec.containers[0].command',
      'MUTATION_SHAPE spec.containers[0].env',
    ]);
  });

  it('B15: wrong shapes of a pod that is none of ours are not judged', () => {
    const spec = {
      volumes: 'x',
      securityContext: 1,
      containers: [{ name: 'a', volumeMounts: 'y', command: 'z' }],
    };
    expect(verdictOf({ spec } as unknown as PodLike)).toEqual([]);
  });

  it.each([
    null,
    1,
    'pod',
    [],
    {},
    { spec: 'x' },
    { spec: { containers: 'x' } },
    { spec: { containers: [null, 1] } },
  ])('throws nothing for %j', (pod) => {
    expect(verdictOf(pod as PodLike)).toEqual([]);
  });
});
