import type { Container, Pod, PodSpec } from 'kubernetes-types/core/v1.js';
import type { ObjectMeta } from 'kubernetes-types/meta/v1.js';
import { assertType, describe, expectTypeOf, it } from 'vitest';
import type { ContainerLike, ObjectMetaLike, PodLike, PodSpecLike } from './pod.ts';

describe('PodLike', () => {
  it('accepts the generated types of Kubernetes', () => {
    expectTypeOf<Pod>().toExtend<PodLike>();
    expectTypeOf<PodSpec>().toExtend<PodSpecLike>();
    expectTypeOf<Container>().toExtend<ContainerLike>();
    expectTypeOf<ObjectMeta>().toExtend<ObjectMetaLike>();
  });

  it('accepts a literal as a manifest gives it, with bare numbers for quantities', () => {
    assertType<PodLike>({
      metadata: { annotations: { 'auto-management/bitfusion': 'all' } },
      spec: { containers: [{ name: 'main', resources: { limits: { 'bitfusion.io/gpu-amount': 1 } } }] },
    });
  });

  it('refuses what no pod is', () => {
    // @ts-expect-error a spec is an object
    assertType<PodLike>({ spec: 3 });
    // @ts-expect-error containers are an array
    assertType<PodLike>({ spec: { containers: { name: 'main' } } });
    // @ts-expect-error annotations are text
    assertType<PodLike>({ metadata: { annotations: { 'auto-management/bitfusion': true } } });
  });
});
