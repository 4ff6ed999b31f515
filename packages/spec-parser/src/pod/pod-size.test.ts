import { describe, expect, it } from 'vitest';

import { anyPod, gpuContainer, gpuPod, parse } from '../../test/pods.ts';
import type { ContainerLike } from './pod.ts';

const containers = (count: number, container: ContainerLike): ContainerLike[] =>
  Array.from({ length: count }, (_, index) => ({ ...container, name: `c${index}` }));

describe('a pod that would keep others waiting', () => {
  it('B70: has more than 1000 containers that ask for GPUs', () => {
    expect(parse(gpuPod({}, containers(1000, gpuContainer()))).errors).toEqual([]);
    expect(parse(gpuPod({}, containers(1001, gpuContainer()))).errors).toEqual([
      {
        type: 'TooLong',
        code: 'ADMISSION_POD_TOO_LARGE',
        field: 'spec.containers[1000]',
        detail: 'is one of 1001 containers that ask for GPUs or get the client: have at most 1000',
      },
    ]);
  });

  it('B70: counts containers that get the client without asking, in every mode', () => {
    const served = { volumeMounts: [{ name: 'bwki-client', mountPath: '/root/.bitfusion' }] };
    for (const mode of ['none', 'all']) {
      const pod = gpuPod({ 'auto-management/bitfusion': mode }, containers(1001, served));
      expect(parse(pod).errors).toMatchObject([{ code: 'ADMISSION_POD_TOO_LARGE' }]);
    }
    const names = containers(1001, {}).map(({ name }) => name);
    const annotations = {
      'auto-management/bitfusion': 'injection',
      'bitfusion-client/containers': names.join(' , '),
    };
    expect(parse(gpuPod(annotations, containers(1001, {}))).errors).toMatchObject([
      { field: 'spec.containers[1000]' },
    ]);
  });

  it('B70: is no pod that is long in another way', () => {
    const web = { image: 'nginx', command: ['x'.repeat(1_000_000)] };
    expect(parse(gpuPod({}, containers(5000, web))).errors).toEqual([]);
  });

  it('B70, B83: of very many annotations only the beginning is searched for misspelt ones', () => {
    const many = Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`a/${index}`, 'x']));
    const annotations = { 'auto-management/bitfusion': 'all', 'bitfusion-client/oss': 'x', ...many };
    const pod = anyPod({ metadata: { annotations }, spec: { containers: [gpuContainer()] } });
    expect(parse(pod).warnings).toMatchObject([{ code: 'SPEC_ANNOTATION_UNKNOWN' }]);
    const last = { ...many, 'auto-management/bitfusion': 'all', 'bitfusion-client/oss': 'x' };
    const late = anyPod({ metadata: { annotations: last }, spec: { containers: [gpuContainer()] } });
    expect(parse(late)).toMatchObject({ request: { mode: 'all' }, warnings: [] });
  });
});
