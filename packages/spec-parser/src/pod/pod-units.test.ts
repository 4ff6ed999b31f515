import { describe, expect, it } from 'vitest';

import { anyPod, gpuContainer, options } from '../../test/pods.ts';
import type { ContainerLike } from './pod.ts';
import { podUnits } from './pod-units.ts';

const half: ContainerLike['resources'] = {
  limits: { 'bitfusion.io/gpu-amount': 1, 'bitfusion.io/gpu-percent': 50 },
};
const injected: ContainerLike['resources'] = { limits: { 'bitfusion.io/gpu': '50' } };
const sidecar = { restartPolicy: 'Always' };

function unitsOf(spec: unknown): unknown {
  const units = podUnits(anyPod({ spec }), options);
  return units.ok ? units.value : units.error.map(({ code, field }) => `${code} ${field}`);
}

describe('podUnits', () => {
  it.each([
    ['before its mutation', half],
    ['after it', injected],
  ])('B95: counts a pod %s', (_, resources) => {
    const container = gpuContainer({ resources });
    expect(unitsOf({ containers: [container, { name: 'b' }, gpuContainer()] })).toBe(150n);
    expect(unitsOf({ containers: [container], initContainers: [container, container] })).toBe(50n);
    expect(unitsOf({ containers: [container], initContainers: [{ ...container, ...sidecar }] })).toBe(100n);
  });

  it('B95: a pod that asks for nothing takes nothing', () => {
    for (const spec of [undefined, null, {}, { containers: [{}] }]) expect(unitsOf(spec)).toBe(0n);
  });

  it('B95: lists every error of the requests', () => {
    const wrong = gpuContainer({ resources: { limits: { 'bitfusion.io/gpu-percent': 50 } } });
    expect(unitsOf({ containers: [wrong, 7, gpuContainer()] })).toEqual([
      'SPEC_AMOUNT_REQUIRED spec.containers[0].resources.limits[bitfusion.io/gpu-amount]',
      'SPEC_TYPE_INVALID spec.containers[1]',
    ]);
    expect(unitsOf('x')).toEqual(['SPEC_TYPE_INVALID spec']);
  });
});
