import type { ContainerLike, EnvVarLike } from '@bwki/spec-parser';
import { describe, expect, it } from 'vitest';

import { faultsOf, gpuPod, injection, mutated, mutatedContainer, policyOf } from '../../test/gpu-pod.ts';

const memory: ContainerLike = {
  resources: { limits: { 'bitfusion.io/gpu-amount': '2', 'bitfusion.io/gpu-memory': '8000M' } },
};
import { mutatePod } from '../mutate-pod.ts';

describe('the variables of a GPU container', () => {
  it.each<[string, ContainerLike, EnvVarLike[]]>([
    [
      'a percentage',
      {},
      [
        { name: 'BITFUSION_GPU_AMOUNT', value: '1' },
        { name: 'BITFUSION_GPU_PARTIAL', value: '0.5' },
      ],
    ],
    [
      'whole GPUs',
      { resources: { limits: { 'bitfusion.io/gpu-amount': '3' } } },
      [
        { name: 'BITFUSION_GPU_AMOUNT', value: '3' },
        { name: 'BITFUSION_GPU_PARTIAL', value: '1' },
      ],
    ],
    [
      'memory, in exact bytes',
      memory,
      [
        { name: 'BITFUSION_GPU_AMOUNT', value: '2' },
        { name: 'BITFUSION_GPU_MEMORY', value: '8000000000' },
        { name: 'BITFUSION_GPU_MEMORY_FLAG', value: '7630' },
      ],
    ],
  ])('B35: say what was asked: %s', (_, container, env) => {
    expect(mutatedContainer(gpuPod(container)).env).toEqual(env);
    expect(mutatedContainer(gpuPod(container, {}, injection)).env).toEqual(env);
  });

  it('B35: follow those that are there, which stay as they are', () => {
    const env: EnvVarLike[] = [
      { name: 'A', value: '$(B)' },
      { name: 'B', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    ];
    expect(mutatedContainer(gpuPod({ env })).env?.slice(0, 2)).toEqual(env);
  });

  it('B35: one that has the value already is not added again', () => {
    const env = [{ name: 'BITFUSION_GPU_AMOUNT', value: '1' }];
    expect(mutatedContainer(gpuPod({ env })).env?.map(({ name }) => name)).toEqual([
      'BITFUSION_GPU_AMOUNT',
      'BITFUSION_GPU_PARTIAL',
    ]);
  });

  it.each<[string, EnvVarLike[], number[]]>([
    ['of another value', [{ name: 'BITFUSION_GPU_AMOUNT', value: '2' }], [0]],
    ['without a value', [{ name: 'BITFUSION_GPU_PARTIAL' }], [0]],
    ['from elsewhere', [{ name: 'BITFUSION_GPU_AMOUNT', valueFrom: { secretKeyRef: {} } }], [0]],
    [
      'twice, the second one of another value',
      [
        { name: 'BITFUSION_GPU_AMOUNT', value: '1' },
        { name: 'BITFUSION_GPU_AMOUNT', value: '9' },
      ],
      [1],
    ],
    ['of another share', [{ name: 'X' }, { name: 'BITFUSION_GPU_MEMORY', value: '1' }], [1]],
    ['of the flag of another share', [{ name: 'BITFUSION_GPU_MEMORY_FLAG', value: '1' }], [0]],
  ])('B42: a variable %s is an error', (_, env, indexes) => {
    expect(faultsOf(gpuPod({ env }))).toEqual(
      indexes.map((index) => `MUTATION_ENV_TAKEN spec.containers[0].env[${index}].name`),
    );
  });

  it('B42: says why the variable has to go', () => {
    const env = [
      { name: 'BITFUSION_GPU_AMOUNT', value: '9' },
      { name: 'BITFUSION_GPU_MEMORY', value: '1' },
    ];
    const outcome = mutatePod(gpuPod({ env }), policyOf());
    expect(outcome.ok ? [] : outcome.error.map(({ detail }) => detail)).toEqual([
      'is set to "1", as the container\'s resources ask for it: remove this variable',
      "speaks of another share than the container's resources ask for: remove this variable",
    ]);
  });

  it('B42: finds every variable that is in the way', () => {
    const env = [
      { name: 'BITFUSION_GPU_MEMORY', value: '1' },
      { name: 'BITFUSION_GPU_PARTIAL', value: '1' },
    ];
    const pod = gpuPod({ ...memory, env });
    expect(faultsOf(pod)).toEqual([
      'MUTATION_ENV_TAKEN spec.containers[0].env[0].name',
      'MUTATION_ENV_TAKEN spec.containers[0].env[1].name',
    ]);
  });

  it('B42: BITFUSION_FILTERS is only ours where it is set', () => {
    const env = [{ name: 'BITFUSION_FILTERS', value: 'mine' }];
    const filters = { 'bitfusion-client/filter': 'device.index=0' };
    expect(faultsOf(gpuPod({ env }))).toEqual([]);
    expect(faultsOf(gpuPod({ env }, {}, filters))).toEqual([]);
    expect(faultsOf(gpuPod({ env }, {}, { ...filters, ...injection }))).toHaveLength(1);
  });

  it('B4a: a container that was only named gets none', () => {
    const annotations = { ...injection, 'bitfusion-client/containers': 'helper' };
    const env = [{ name: 'BITFUSION_GPU_AMOUNT', value: 'mine' }];
    const pod = { metadata: { annotations }, spec: { containers: [{ name: 'helper', env }] } };
    const { units, mutatedPod } = mutated(pod, policyOf());
    expect(units).toBe(0n);
    expect(mutatedPod().spec.containers[0]?.env).toEqual(env);
  });
});
