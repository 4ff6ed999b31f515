import type { ContainerLike, EnvVarLike } from '@bwki/spec-parser';
import { formatWarning } from '@bwki/spec-parser';
import { describe, expect, it } from 'vitest';

import {
  faultsOf,
  gpuContainer,
  gpuPod,
  mutated,
  mutatedContainer,
  podOf,
  policyOf,
} from '../../test/gpu-pod.ts';

const policy = policyOf({ libraryPath: 'env' });
const directory =
  '/bitfusion/bitfusion-client-ubuntu2004_4.5.0-4_amd64.deb/opt/bitfusion/lib/x86_64-linux-gnu/bitfusion/lib';
const valueFrom = { configMapKeyRef: { name: 'paths', key: 'lib' } };

function libraryEnv(env: readonly unknown[]): readonly EnvVarLike[] | undefined {
  const after = mutatedContainer(gpuPod({ env } as ContainerLike), policy).env;
  return after?.filter(({ name }) => name?.startsWith('BITFUSION_') !== true);
}

describe('LD_LIBRARY_PATH', () => {
  it('B37: is left alone by default, since the launcher sets it', () => {
    const env = [{ name: 'LD_LIBRARY_PATH', value: '/mine' }];
    expect(mutatedContainer(gpuPod({ env })).env?.[0]).toEqual(env[0]);
    expect(mutatedContainer(gpuPod()).env?.some(({ name }) => name === 'LD_LIBRARY_PATH')).toBe(false);
  });

  it.each<[string, unknown[], EnvVarLike[]]>([
    ['absent: set', [], [{ name: 'LD_LIBRARY_PATH', value: directory }]],
    [
      'a literal: in front',
      [{ name: 'LD_LIBRARY_PATH', value: '/a:/b' }],
      [{ name: 'LD_LIBRARY_PATH', value: `${directory}:/a:/b` }],
    ],
    [
      'empty: the directory alone, no empty element behind it',
      [{ name: 'LD_LIBRARY_PATH', value: '' }],
      [{ name: 'LD_LIBRARY_PATH', value: directory }],
    ],
    [
      'null, which is empty',
      [{ name: 'LD_LIBRARY_PATH', value: null, valueFrom: null }],
      [{ name: 'LD_LIBRARY_PATH', value: directory, valueFrom: null } as unknown as EnvVarLike],
    ],
    [
      'from elsewhere: renamed, and referred to by what follows it',
      [{ name: 'A', value: '1' }, { name: 'LD_LIBRARY_PATH', valueFrom }, { name: 'B' }],
      [
        { name: 'A', value: '1' },
        { name: 'BWKI_ORIGINAL_LD_LIBRARY_PATH', valueFrom },
        { name: 'LD_LIBRARY_PATH', value: `${directory}:$(BWKI_ORIGINAL_LD_LIBRARY_PATH)` },
        { name: 'B' },
      ],
    ],
    [
      'twice: the last, which counts',
      [
        { name: 'LD_LIBRARY_PATH', valueFrom },
        { name: 'LD_LIBRARY_PATH', value: '/b' },
      ],
      [
        { name: 'LD_LIBRARY_PATH', valueFrom },
        { name: 'LD_LIBRARY_PATH', value: `${directory}:/b` },
      ],
    ],
    [
      'in front already',
      [{ name: 'LD_LIBRARY_PATH', value: `${directory}:/b` }],
      [{ name: 'LD_LIBRARY_PATH', value: `${directory}:/b` }],
    ],
    [
      'a longer name of the same beginning is another directory',
      [{ name: 'LD_LIBRARY_PATH', value: `${directory}-x` }],
      [{ name: 'LD_LIBRARY_PATH', value: `${directory}:${directory}-x` }],
    ],
  ])('B37: with libraryPath env, %s', (_, env, expected) => {
    expect(libraryEnv(env)).toEqual(expected);
  });

  it('B37: one warning a pod where a value of the image would be hidden', () => {
    const pod = podOf([
      gpuContainer({ name: 'a', env: [{ name: 'LD_LIBRARY_PATH', value: '/x' }] }),
      gpuContainer({ name: 'b' }),
      gpuContainer({ name: 'c' }),
    ]);
    expect(mutated(pod, policy).warnings.map(formatWarning)).toEqual([
      'spec.containers[1].env: LD_LIBRARY_PATH was set: a value from the image or from envFrom is hidden',
    ]);
  });

  it('B37: no warning where nothing is hidden', () => {
    const env = [{ name: 'LD_LIBRARY_PATH', valueFrom }];
    expect(mutated(gpuPod({ env }), policy).warnings).toEqual([]);
  });

  it('B42: the name that the original value is moved to is ours', () => {
    const env = [
      { name: 'BWKI_ORIGINAL_LD_LIBRARY_PATH', value: 'x' },
      { name: 'LD_LIBRARY_PATH', valueFrom },
    ];
    expect(faultsOf(gpuPod({ env }), policy)).toEqual(['MUTATION_ENV_TAKEN spec.containers[0].env[0].name']);
    expect(faultsOf(gpuPod({ env: env.slice(0, 1) }), policy)).toEqual([]);
  });

  it('B37, B44: a named container that has it is left alone the second time, without a warning', () => {
    const annotations = {
      'auto-management/bitfusion': 'injection',
      'bitfusion-client/containers': 'plain, moved',
    };
    const pod = podOf(
      [{ name: 'plain' }, { name: 'moved', env: [{ name: 'LD_LIBRARY_PATH', valueFrom }] }],
      {},
      annotations,
    );
    const first = mutated(pod, policy);
    expect(first.warnings).toHaveLength(1);
    const second = mutated(first.mutatedPod(), policy);
    expect(second.patch).toEqual([]);
    expect(second.warnings).toEqual([]);
  });
});
