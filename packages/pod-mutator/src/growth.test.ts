import type { PodLike } from '@bwki/spec-parser';
import { describe, expect, it } from 'vitest';

import { gpuContainer, gpuPod, mutated, podOf } from '../test/gpu-pod.ts';

describe('the work of a mutation', () => {
  type Wrap = <T extends object>(element: T) => T;
  const named = (count: number, wrap: Wrap): { name: string }[] =>
    Array.from({ length: count }, (_, index) => wrap({ name: `n${index}` }));

  /** How often a mutation looks at the elements that were wrapped. */
  function readsOf(podOfSize: (count: number, wrap: Wrap) => PodLike, count: number): number {
    let reads = 0;
    const wrap: Wrap = (element) =>
      new Proxy(element, {
        get: (target, key): unknown => {
          reads += 1;
          return Reflect.get(target, key);
        },
      });
    const { mutatedPod, patch } = mutated(podOfSize(count, wrap));
    expect(patch.length).toBeGreaterThan(0);
    mutatedPod();
    return reads;
  }

  it.each<[string, (count: number, wrap: Wrap) => PodLike]>([
    ['variables', (count, wrap) => gpuPod({ env: named(count, wrap) })],
    ['volumes', (count, wrap) => gpuPod({}, { volumes: named(count, wrap) })],
    ['pull secrets', (count, wrap) => gpuPod({}, { imagePullSecrets: named(count, wrap) })],
    [
      'mounts',
      (count, wrap) =>
        gpuPod({
          volumeMounts: named(count, wrap).map(({ name }) => wrap({ name, mountPath: `/mnt/${name}` })),
        }),
    ],
    ['containers', (count, wrap) => podOf([gpuContainer(), ...named(count, wrap)])],
    [
      'users',
      (count, wrap) =>
        podOf(
          named(count, wrap).map(({ name }, runAsUser) =>
            wrap(gpuContainer({ name, securityContext: { runAsUser } })),
          ),
        ),
    ],
  ])('B43: grows with the number of %s, not with its square', (_, podOfSize) => {
    const reads = readsOf(podOfSize, 500);
    expect(reads).toBeGreaterThanOrEqual(500);
    expect(readsOf(podOfSize, 1000) / reads).toBeLessThan(2.1);
  });

  it('B43: 64,000 entries of each kind are nothing special', () => {
    const plain: Wrap = (element) => element;
    const pod = podOf([gpuContainer({ env: named(64_000, plain) }), ...named(64_000, plain)], {
      volumes: named(64_000, plain),
    });
    const { mutatedPod } = mutated(pod);
    expect(mutated(mutatedPod()).patch).toEqual([]);
  });
});
