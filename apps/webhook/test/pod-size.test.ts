import { describe, expect, it } from 'vitest';

import { podSizeFault } from '../src/admission/pod-size.ts';
import { gpuContainer, gpuPod, plainPod } from './review.ts';

const containers = (count: number, container: object): object[] =>
  Array.from({ length: count }, (_, index) => ({ ...container, name: `c${index}` }));
const podOf = (list: readonly object[]): object => ({ ...gpuPod(), spec: { containers: list } });

describe('B50: a pod that would keep others waiting', () => {
  it('B50: has more than 1000 containers that ask for GPUs', () => {
    expect(podSizeFault(podOf(containers(1000, gpuContainer)))).toBeUndefined();
    expect(podSizeFault(podOf(containers(1001, gpuContainer)))).toMatchObject({
      code: 'ADMISSION_POD_TOO_LARGE',
      field: 'spec.containers[1000]',
      detail: 'is one of 1001 containers that ask for GPUs or get the client: have at most 1000',
    });
  });

  it('B70: counts containers that get the client without asking', () => {
    const served = { volumeMounts: [{ name: 'bwki-client', mountPath: '/root/.bitfusion' }] };
    expect(podSizeFault(podOf(containers(1001, served)))).toMatchObject({ code: 'ADMISSION_POD_TOO_LARGE' });
    const pod = podOf(containers(1001, {}));
    expect(podSizeFault(pod)).toBeUndefined();
    const names = Array.from({ length: 1001 }, (_, index) => `c${index}`).join(' , ');
    const annotations = { 'bitfusion-client/containers': names };
    expect(podSizeFault({ ...pod, metadata: { annotations } })).toMatchObject({
      field: 'spec.containers[1000]',
    });
  });

  it('B15: is none that asks for nothing, and none that is long in another way', () => {
    const web = { name: 'web', image: 'nginx', command: ['x'.repeat(1_000_000)] };
    expect(podSizeFault(podOf(containers(5000, web)))).toBeUndefined();
    expect(
      podSizeFault(podOf([{ ...gpuContainer, command: ['python', 'x'.repeat(1_000_000)] }])),
    ).toBeUndefined();
    expect(podSizeFault(plainPod)).toBeUndefined();
  });
});
