import { describe, expect, it } from 'vitest';

import { parsePod, type PodLike } from '@bwki/spec-parser';
import { gpuContainer, injection, mutated, podOf, policyOf } from '../test/gpu-pod.ts';
import { mutatePod } from './mutate-pod.ts';
import { validatePod } from './validate/validate-pod.ts';

/** Of each container, whether it was given the client. */
function areInjected(pod: PodLike): readonly boolean[] {
  const { catalog, totalGpuMemory: totalMemory } = policyOf();
  const { containers } = parsePod(pod, { catalog, totalMemory }).reading;
  return containers.filter(({ isPopulate }) => !isPopulate).map(({ homeMount }) => homeMount !== undefined);
}

describe('a container that an earlier mutation gave the client', () => {
  it('B44: is known by its own home in our volume, not by a like directory of another volume', () => {
    const helper = {
      name: 'helper',
      volumeMounts: [{ name: 'data', mountPath: '/d', subPath: 'home-helper' }],
    };
    const pod = podOf([gpuContainer(), helper], { volumes: [{ name: 'data', emptyDir: {} }] });
    expect(areInjected(pod)).toEqual([false, false]);
    expect(areInjected(mutated(pod).mutatedPod())).toEqual([true, false]);
    // Nothing here asks for the client, so that no step has to provide it.
    expect(mutated(podOf([helper])).patch).toEqual([]);
  });

  it('B4a, B44: keeps what it was served with when it is also named', () => {
    const annotations = { ...injection, 'bitfusion-client/containers': 'main' };
    const command = ['bitfusion', 'run', '-n', '1', '-p', '0.5', 'x'];
    const pod = mutated(podOf([gpuContainer({ command })], {}, annotations)).mutatedPod();
    expect(mutatePod(pod, policyOf())).toMatchObject({ ok: true, value: { patch: [] } });
    expect(validatePod(pod, policyOf()).errors).toEqual([]);
    const { containers = [] } = pod.spec ?? {};
    const more = {
      ...pod,
      spec: {
        ...pod.spec,
        containers: containers.map((it) => ({
          ...it,
          command: ['bitfusion', 'run', '-n', '1', 'x'],
        })),
      },
    };
    expect(validatePod(more, policyOf()).errors).toMatchObject([{ code: 'MUTATION_RUN_EXCEEDS_REQUEST' }]);
  });
});
