import { formatFieldError, type PodLike } from '@bwki/spec-parser';
import { describe, expect, it } from 'vitest';

import { gpuPod, injection, policyOf } from '../../test/gpu-pod.ts';
import { memoryResources, replaced, tampered, verdictOf, withCommand, withEnv } from '../../test/tampered.ts';
import { validatePod } from './validate-pod.ts';

describe('a container that a mutation served', () => {
  const command = 'spec.containers[0].command';

  it.each<[string, PodLike, (words: string[]) => string[], string[]]>([
    ['-p up', gpuPod(), replaced('-p', '0.6'), [`MUTATION_RUN_DIFFERS ${command}`]],
    ['-p down', gpuPod(), replaced('-p', '0.4'), [`MUTATION_RUN_DIFFERS ${command}`]],
    ['-p to what nobody knows', gpuPod(), replaced('-p', '$(X)'), [`MUTATION_RUN_DIFFERS ${command}`]],
    ['-n up', gpuPod(), replaced('-n', '2'), [`MUTATION_RUN_DIFFERS ${command}`]],
    [
      '-p away',
      gpuPod(),
      (words) => words.filter((_, index) => index !== 4 && index !== 5),
      [`MUTATION_RUN_DIFFERS ${command}`],
    ],
    [
      '-p to -m',
      gpuPod(),
      (words) => words.map((word) => (word === '-p' ? '-m' : word)),
      [`MUTATION_RUN_DIFFERS ${command}`],
    ],
    [
      '-m up',
      gpuPod({ resources: memoryResources }),
      replaced('-m', '7631'),
      [`MUTATION_RUN_DIFFERS ${command}`],
    ],
    [
      '-m down',
      gpuPod({ resources: memoryResources }),
      replaced('-m', '1'),
      [`MUTATION_RUN_DIFFERS ${command}`],
    ],
    [
      'an unknown flag',
      gpuPod(),
      ([client = '', ...words]) => [client, 'run', '--fast', ...words.slice(1)],
      [`MUTATION_RUN_DIFFERS ${command}`],
    ],
    ['the wrap taken off', gpuPod(), (words) => words.slice(7), []],
    ['another program behind it', gpuPod(), (words) => [...words.slice(0, 7), 'sh'], []],
  ])('B53: flags and variables have to agree: %s', (_, pod, change, errors) => {
    expect(verdictOf(withCommand(pod, change))).toEqual(errors);
  });

  it('B33, B53: a run by another name may take less, but no more', () => {
    const preinstalled = gpuPod({}, {}, { 'bitfusion-client/version': 'preinstalled' });
    expect(verdictOf(withCommand(preinstalled, replaced('-p', '0.4')))).toEqual([]);
    expect(verdictOf(withCommand(preinstalled, replaced('-p', '0.6')))).toEqual([
      `MUTATION_RUN_EXCEEDS_REQUEST ${command}`,
    ]);
  });

  const env = 'spec.containers[0].env';

  it.each<[string, PodLike, string, object | undefined, string[]]>([
    [
      'more GPUs',
      gpuPod(),
      'BITFUSION_GPU_AMOUNT',
      { value: '2' },
      ['VALIDATION_UNITS_DIFFER', 'VALIDATION_UNITS_DIFFER', 'MUTATION_RUN_DIFFERS'],
    ],
    ['no amount', gpuPod(), 'BITFUSION_GPU_AMOUNT', undefined, [`VALIDATION_VARIABLE_DIFFERS ${env}`]],
    [
      'an amount of 0',
      gpuPod(),
      'BITFUSION_GPU_AMOUNT',
      { value: '0' },
      [`VALIDATION_VARIABLE_DIFFERS ${env}[0].value`],
    ],
    [
      'an amount from elsewhere',
      gpuPod(),
      'BITFUSION_GPU_AMOUNT',
      { valueFrom: {} },
      [`VALIDATION_VARIABLE_DIFFERS ${env}[0].value`],
    ],
    [
      'an amount that is huge',
      gpuPod(),
      'BITFUSION_GPU_AMOUNT',
      { value: '9'.repeat(20) },
      [`VALIDATION_VARIABLE_DIFFERS ${env}[0].value`],
    ],
    ['no part', gpuPod(), 'BITFUSION_GPU_PARTIAL', undefined, [`VALIDATION_VARIABLE_DIFFERS ${env}`]],
    [
      'a part of 0',
      gpuPod(),
      'BITFUSION_GPU_PARTIAL',
      { value: '0' },
      [`VALIDATION_VARIABLE_DIFFERS ${env}[1].value`],
    ],
    [
      'a part in other words',
      gpuPod(),
      'BITFUSION_GPU_PARTIAL',
      { value: '0.50' },
      [`VALIDATION_VARIABLE_DIFFERS ${env}[1].value`],
    ],
    [
      'a part above 1',
      gpuPod(),
      'BITFUSION_GPU_PARTIAL',
      { value: '1.5' },
      [`VALIDATION_VARIABLE_DIFFERS ${env}[1].value`],
    ],
    [
      'a part finer than a percent',
      gpuPod(),
      'BITFUSION_GPU_PARTIAL',
      { value: '0.505' },
      [`VALIDATION_VARIABLE_DIFFERS ${env}[1].value`],
    ],
    [
      'a smaller part',
      gpuPod(),
      'BITFUSION_GPU_PARTIAL',
      { value: '0.07' },
      ['VALIDATION_UNITS_DIFFER', 'VALIDATION_UNITS_DIFFER', 'MUTATION_RUN_DIFFERS'],
    ],
    [
      'less memory',
      gpuPod({ resources: memoryResources }),
      'BITFUSION_GPU_MEMORY',
      { value: '1' },
      [`VALIDATION_VARIABLE_DIFFERS ${env}[2].value`],
    ],
    [
      'memory in words',
      gpuPod({ resources: memoryResources }),
      'BITFUSION_GPU_MEMORY',
      { value: '8G' },
      [`VALIDATION_VARIABLE_DIFFERS ${env}[1].value`],
    ],
    [
      'no memory',
      gpuPod({ resources: memoryResources }),
      'BITFUSION_GPU_MEMORY',
      undefined,
      [`VALIDATION_VARIABLE_DIFFERS ${env}`],
    ],
    [
      'a larger flag',
      gpuPod({ resources: memoryResources }),
      'BITFUSION_GPU_MEMORY_FLAG',
      { value: '9000' },
      [`VALIDATION_VARIABLE_DIFFERS ${env}[2].value`],
    ],
    [
      'no flag',
      gpuPod({ resources: memoryResources }),
      'BITFUSION_GPU_MEMORY_FLAG',
      undefined,
      [`VALIDATION_VARIABLE_DIFFERS ${env}`],
    ],
  ])('B53: variables are as the mutation set them: %s', (_, pod, name, changed, errors) => {
    const verdict = verdictOf(withEnv(pod, name, changed));
    expect(
      verdict.map((line, index) => (errors[index]?.includes(' ') === true ? line : line.split(' ')[0])),
    ).toEqual(errors);
  });

  it.each(['10.5', '0.5x', '.5', '00.5'])('B53: %s is no part that a mutation writes', (value) => {
    expect(verdictOf(withEnv(gpuPod(), 'BITFUSION_GPU_PARTIAL', { value }))).toEqual([
      `VALIDATION_VARIABLE_DIFFERS ${env}[1].value`,
    ]);
  });

  it('B53: a variable of another source is not believed, whatever its value says', () => {
    const both = { value: '1', valueFrom: { secretKeyRef: {} } };
    expect(verdictOf(withEnv(gpuPod(), 'BITFUSION_GPU_AMOUNT', both))).toEqual([
      `VALIDATION_VARIABLE_DIFFERS ${env}[0].value`,
    ]);
    const more = tampered(gpuPod({ resources: memoryResources }), ({ env: present }) => ({
      env: [...(present as object[]), { name: 'BITFUSION_GPU_PARTIAL', valueFrom: { secretKeyRef: {} } }],
    }));
    const { errors } = validatePod(more, policyOf());
    expect(errors.map(({ detail }) => detail)).toEqual([
      'BITFUSION_GPU_PARTIAL is not as the mutation set it, since the units are reckoned from it: leave it as it was, or create the pod from its original manifest',
    ]);
  });

  it('B53: of two variables of one name the last counts', () => {
    const more = tampered(gpuPod(), ({ env: present }) => ({
      env: [...(present as object[]), { name: 'BITFUSION_GPU_AMOUNT', value: '2' }],
    }));
    expect(verdictOf(more)).toHaveLength(3);
  });

  it('B53: a variable of another share is not ours', () => {
    const more = tampered(gpuPod({ resources: memoryResources }), ({ env: present }) => ({
      env: [...(present as object[]), { name: 'BITFUSION_GPU_PARTIAL', value: '1' }],
    }));
    expect(verdictOf(more)).toEqual([`VALIDATION_VARIABLE_DIFFERS ${env}[3].value`]);
  });

  it('B53: says what the variable should be', () => {
    const text = validatePod(
      withEnv(gpuPod({ resources: memoryResources }), 'BITFUSION_GPU_MEMORY_FLAG', { value: '9000' }),
      policyOf(),
    ).errors.map(formatFieldError);
    expect(text).toEqual([
      `${env}[2].value: Invalid value: "9000": BITFUSION_GPU_MEMORY_FLAG must be "7630", since the units are reckoned from it: leave it as it was, or create the pod from its original manifest`,
    ]);
  });

  it('B53: without variables and units it is a container that was only named, which may run nothing', () => {
    const bare = tampered(gpuPod(), () => ({ env: [], resources: {} }));
    expect(verdictOf(bare)).toEqual([`MUTATION_RUN_EXCEEDS_REQUEST ${command}`]);
    const withoutVariables = tampered(gpuPod({}, {}, injection), () => ({ env: [] }));
    expect(verdictOf(withoutVariables)).toEqual([
      'VALIDATION_UNITS_BY_HAND spec.containers[0].resources.limits[bitfusion.io/gpu]',
    ]);
  });
});
