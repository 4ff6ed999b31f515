import type { ContainerLike, PodLike, PodSpecLike } from '@bwki/spec-parser';
import { describe, expect, it } from 'vitest';

import { gpuContainer, mutated, podOf } from '../../../test/gpu-pod.ts';
import { podResources } from '../../../test/kubernetes-resources.ts';

type Amounts = Record<string, string | number>;

function sized(name: string, requests?: Amounts, limits?: Amounts, restartPolicy?: string): ContainerLike {
  return {
    name,
    resources: { ...(requests && { requests }), ...(limits && { limits }) },
    ...(restartPolicy !== undefined && { restartPolicy }),
  };
}

const gpu = gpuContainer();

function stepResources(pod: PodLike): ContainerLike['resources'] {
  const after = mutated(pod).mutatedPod();
  expect(podResources(after)).toEqual(podResources(pod));
  return after.spec?.initContainers?.[0]?.resources;
}

describe('the resources of the populating step', () => {
  it.each<[string, readonly ContainerLike[], PodSpecLike, ContainerLike['resources']]>([
    ['nobody has any', [], {}, undefined],
    [
      'the largest request of any container',
      [sized('a', { cpu: '100m', memory: '1Gi' }), sized('b', { cpu: 2, memory: '500M' })],
      {},
      { requests: { cpu: '2', memory: '1Gi' } },
    ],
    [
      'init containers count',
      [sized('a', { cpu: '1' })],
      { initContainers: [sized('i', { cpu: '3' })] },
      { requests: { cpu: '3' } },
    ],
    [
      'a limit is a request where there is none',
      [sized('a', {}, { memory: '1Gi' })],
      {},
      { requests: { memory: '1Gi' } },
    ],
    [
      'other resources are not the business of the step',
      [sized('a', { 'ephemeral-storage': '5Gi', 'example.com/nic': '1', 'hugepages-2Mi': '4Mi' })],
      {},
      { requests: { 'ephemeral-storage': '5Gi' } },
    ],
    [
      'the amount of a quantity counts, not its text',
      [sized('a', { cpu: '1500m' }), sized('b', { cpu: '1.2' })],
      {},
      { requests: { cpu: '1500m' } },
    ],
    [
      'what is no quantity is for the API server',
      [sized('a', { cpu: 'much', memory: '1' })],
      {},
      { requests: { memory: '1' } },
    ],
  ])('B39: %s', (_, containers, spec, resources) => {
    expect(stepResources(podOf([gpu, ...containers], spec))).toEqual(resources);
  });

  const full = (name: string, requests: Amounts | undefined, limits: Amounts): ContainerLike => ({
    ...gpuContainer({ name }),
    resources: {
      ...(requests && { requests }),
      limits: { ...gpu.resources?.limits, ...limits },
    },
  });

  it.each<[string, readonly ContainerLike[], ContainerLike['resources'], string]>([
    [
      'Guaranteed stays Guaranteed',
      [
        full('a', { cpu: '2', memory: '1Gi' }, { cpu: '2', memory: '1Gi' }),
        full('b', undefined, { cpu: '1', memory: '4Gi' }),
      ],
      { limits: { cpu: '2', memory: '4Gi' }, requests: { cpu: '2', memory: '4Gi' } },
      'Guaranteed',
    ],
    [
      'a limit that all have, it has too, for a ResourceQuota',
      [full('a', { cpu: '1' }, { cpu: '4', memory: '8Gi' }), full('b', { cpu: '2' }, { cpu: '3' })],
      { limits: { cpu: '4' }, requests: { cpu: '2', memory: '8Gi' } },
      'Burstable',
    ],
    [
      'a limit that only some have could be smaller than the request',
      [full('a', { cpu: '9' }, {}), full('b', { cpu: '1' }, { cpu: '2' })],
      { requests: { cpu: '9' } },
      'Burstable',
    ],
  ])('B39: %s', (_, containers, resources, qosClass) => {
    const pod = podOf(containers);
    expect(podResources(pod).qosClass).toBe(qosClass);
    expect(stepResources(pod)).toEqual(resources);
  });

  it.each<[string, object | null, boolean]>([
    ['limits', { limits: { cpu: '8' } }, false],
    ['requests', { requests: { memory: '8Gi' } }, false],
    ['empty ones, which say nothing', { limits: {}, requests: {} }, true],
    ['null', null, true],
  ])('B39: pod-level resources cover it: %s', (_, resources, hasOwn) => {
    const spec = { resources } as PodSpecLike;
    expect(stepResources(podOf([gpu, sized('a', { cpu: '1' })], spec)) !== undefined).toBe(hasOwn);
  });
});

describe('the resources of a step that is there', () => {
  const first = mutated(podOf([gpuContainer(), sized('a', { cpu: '1' }, { cpu: '1' })])).mutatedPod();

  function secondResources(step: object, added: readonly ContainerLike[]): ContainerLike['resources'] {
    const [present] = first.spec?.initContainers ?? [];
    const pod = {
      ...first,
      spec: {
        ...first.spec,
        initContainers: [{ ...present, ...step }],
        containers: [...(first.spec?.containers ?? []), ...added],
      },
    };
    const second = mutated(pod).mutatedPod();
    expect(mutated(second).patch).toEqual([]);
    return second.spec.initContainers[0]?.resources;
  }

  it.each<[string, object, readonly ContainerLike[], ContainerLike['resources']]>([
    [
      'a larger container came',
      {},
      [sized('big', { cpu: '4', memory: '2Gi' })],
      { requests: { cpu: '4', memory: '2Gi' } },
    ],
    ['a smaller one came', {}, [sized('small', { cpu: '10m' })], { requests: { cpu: '1' } }],
    ['none came', {}, [], { requests: { cpu: '1' } }],
    ['it has lost them', { resources: null }, [], { requests: { cpu: '1' } }],
    [
      'blanks around an amount are none of it',
      {},
      [sized('big', { cpu: ' 4 ' })],
      { requests: { cpu: '4' } },
    ],
    ['it has lost its requests', { resources: { requests: null } }, [], { requests: { cpu: '1' } }],
    [
      'the default limit of a LimitRange stays where it is large enough',
      { resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '2', memory: '2Gi' } } },
      [],
      { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '2', memory: '2Gi' } },
    ],
    [
      'a limit below the larger request is raised with it',
      { resources: { requests: { cpu: '1' }, limits: { cpu: '1' } } },
      [sized('big', { cpu: '4' })],
      { requests: { cpu: '4' }, limits: { cpu: '4' } },
    ],
    [
      'an equal amount of another spelling stays',
      { resources: { requests: { cpu: '1000m' } } },
      [],
      { requests: { cpu: '1000m' } },
    ],
    [
      'more than anybody needs is taken back',
      { resources: { requests: { cpu: '5' } } },
      [],
      { requests: { cpu: '1' } },
    ],
  ])('B39, B44: %s', (_, step, added, resources) => {
    expect(secondResources(step, added)).toEqual(resources);
  });

  it('B39, B44: limits come back where it has lost all', () => {
    const resources = { limits: { ...gpu.resources?.limits, cpu: '1' } };
    const pod = structuredClone(mutated(podOf([{ ...gpuContainer(), resources }])).mutatedPod());
    const [step] = pod.spec?.initContainers ?? [];
    Object.assign(step ?? {}, { resources: null });
    expect(mutated(pod).mutatedPod().spec?.initContainers?.[0]?.resources).toEqual({
      limits: { cpu: '1' },
      requests: { cpu: '1' },
    });
  });

  it('B39, B44: limits are set where all have one by now', () => {
    const limited = podOf([
      { ...gpuContainer(), resources: { limits: { ...gpu.resources?.limits, cpu: '1' } } },
    ]);
    const { spec } = mutated(limited).mutatedPod();
    const added = {
      ...limited,
      spec: { ...spec, containers: [...(spec?.containers ?? []), sized('b', {}, { cpu: '3' })] },
    };
    const { patch, mutatedPod } = mutated({
      ...added,
      metadata: mutated(limited).mutatedPod().metadata ?? {},
    });
    expect(patch.map(({ path }) => path)).toEqual([
      '/spec/initContainers/0/resources/limits/cpu',
      '/spec/initContainers/0/resources/requests/cpu',
    ]);
    expect(mutatedPod().spec.initContainers?.[0]?.resources).toEqual({
      limits: { cpu: '3' },
      requests: { cpu: '3' },
    });
  });
});
