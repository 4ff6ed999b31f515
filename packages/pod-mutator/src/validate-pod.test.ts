import type { ContainerLike, PodLike } from '@bwki/spec-parser';
import { formatFieldError } from '@bwki/spec-parser';
import { describe, expect, it } from 'vitest';

import { gpuContainer, gpuPod, injection, mutated, podOf, policyOf } from '../test/gpu-pod.ts';
import { validatePod } from './validate-pod.ts';

const memory: ContainerLike['resources'] & object = {
  limits: { 'bitfusion.io/gpu-amount': '2', 'bitfusion.io/gpu-memory': '8000M' },
};

/** `code field` of every error. */
function verdictOf(pod: PodLike, policy = policyOf()): readonly string[] {
  return validatePod(pod, policy).errors.map(({ code, field }) => `${code} ${field}`);
}

/** A mutated pod whose first container somebody changed since. */
function tampered(pod: PodLike, change: (container: Record<string, unknown>) => object): PodLike {
  const { metadata, spec } = mutated(pod).mutatedPod();
  const [first, ...rest] = spec?.containers ?? [];
  const changed = { ...first, ...change(structuredClone(first) as Record<string, unknown>) };
  return { ...(metadata && { metadata }), spec: { ...spec, containers: [changed, ...rest] } };
}

function withEnv(pod: PodLike, name: string, changed: object | undefined): PodLike {
  return tampered(pod, ({ env }) => ({
    env: (env as { name: string }[]).flatMap((variable) =>
      variable.name !== name ? [variable] : changed === undefined ? [] : [{ name, ...changed }],
    ),
  }));
}

function withUnits(pod: PodLike, limits: unknown, requests: unknown = limits): PodLike {
  const list = (value: unknown): object => (value === undefined ? {} : { 'bitfusion.io/gpu': value });
  return tampered(pod, () => ({ resources: { limits: list(limits), requests: list(requests) } }));
}

function withCommand(pod: PodLike, change: (command: string[]) => string[]): PodLike {
  return tampered(pod, ({ command }) => ({ command: change(command as string[]) }));
}

function replaced(flag: string, value: string): (command: string[]) => string[] {
  return (command) => command.map((word, index) => (command[index - 1] === flag ? value : word));
}

describe('validatePod', () => {
  const pods: [string, PodLike][] = [
    ['a percentage', gpuPod()],
    ['whole GPUs', gpuPod({ resources: { limits: { 'bitfusion.io/gpu-amount': '3' } } })],
    [
      'an explicit 100 %',
      gpuPod({ resources: { limits: { 'bitfusion.io/gpu-num': 1, 'bitfusion.io/gpu-percent': 100 } } }),
    ],
    ['memory', gpuPod({ resources: memory })],
    ['mode injection', gpuPod({ resources: memory }, {}, injection)],
    ['a preinstalled client', gpuPod({}, {}, { 'bitfusion-client/version': 'preinstalled' })],
    [
      'a run of its own that takes less',
      gpuPod({ command: ['bitfusion', 'run', '-n', '1', '-p', '0.1', 'x'] }),
    ],
    [
      'a run of its own by the path of the launcher',
      gpuPod({ command: ['/usr/local/bin/bitfusion', 'run', '-n', '1', '-p', '0.5', 'x'] }),
    ],
    [
      'a run by variables',
      gpuPod(
        { command: ['sh', '-c', 'bitfusion run -n $BITFUSION_GPU_AMOUNT -p $BITFUSION_GPU_PARTIAL x'] },
        {},
        injection,
      ),
    ],
    ['an init container', podOf([{ name: 'a' }], { initContainers: [gpuContainer({ name: 'i' })] })],
    [
      'a named container',
      podOf(
        [gpuContainer(), { name: 'helper', command: ['bitfusion', 'health'] }],
        {},
        { ...injection, 'bitfusion-client/containers': 'helper' },
      ),
    ],
    ['nothing asked', podOf([{ name: 'a' }])],
  ];

  it.each(pods)('B53: a pod is valid before and after its mutation: %s', (_, pod) => {
    expect(verdictOf(pod)).toEqual([]);
    expect(verdictOf(mutated(pod).mutatedPod())).toEqual([]);
  });

  it.each<[string, PodLike['metadata'] & object]>([
    ['without annotation', {}],
    ['in mode none', { annotations: { 'auto-management/bitfusion': 'none' } }],
    ['in mode all', { annotations: { 'auto-management/bitfusion': 'all' } }],
    [
      'with the status of a mutation',
      { annotations: { 'auto-management/bitfusion': 'all', 'auto-management/status': 'injected' } },
    ],
  ])('B13: units set by hand are refused, %s', (_, metadata) => {
    const byHand = { name: 'a', resources: { limits: { 'bitfusion.io/gpu': '50' } } };
    const request = { name: 'b', resources: { requests: { 'bitfusion.io/gpu': '0' } } };
    expect(
      verdictOf({ metadata, spec: { containers: [{ name: 'c' }, byHand], initContainers: [request] } }),
    ).toEqual([
      'VALIDATION_UNITS_BY_HAND spec.initContainers[0].resources.requests[bitfusion.io/gpu]',
      'VALIDATION_UNITS_BY_HAND spec.containers[1].resources.limits[bitfusion.io/gpu]',
    ]);
    // The mutation leaves them, since another webhook may yet come to serve the pod.
    expect(mutated({ metadata, spec: { containers: [byHand] } }).patch).toEqual([]);
  });

  it('B13: beside what is asked for they are refused once', () => {
    const limits = { ...gpuContainer().resources?.limits, 'bitfusion.io/gpu': '50' };
    expect(verdictOf(gpuPod({ resources: { limits } }))).toEqual([
      'SPEC_UNITS_FORBIDDEN spec.containers[0].resources.limits[bitfusion.io/gpu]',
    ]);
  });

  it('B15: a mirror pod is left alone', () => {
    const annotations = { 'kubernetes.io/config.mirror': 'x' };
    const containers = [{ name: 'a', resources: { limits: { 'bitfusion.io/gpu': '50' } } }];
    expect(verdictOf({ metadata: { annotations }, spec: { containers } })).toEqual([]);
  });

  it.each<[string, unknown, unknown, string[]]>([
    ['up', '51', '51', ['limits', 'requests']],
    ['down', '1', '1', ['limits', 'requests']],
    ['in limits alone', '51', '50', ['limits']],
    ['in requests alone', '50', '49', ['requests']],
    ['to no number', 'x', '50', ['limits']],
    ['to a fraction', '49.5', '50', ['limits']],
    ['to null', null, '50', ['limits']],
    ['to another spelling', '0.05k', 50, []],
  ])('B53: units changed by hand, %s', (_, limits, requests, lists) => {
    expect(verdictOf(withUnits(gpuPod(), limits, requests))).toEqual(
      lists.map((list) => `VALIDATION_UNITS_DIFFER spec.containers[0].resources.${list}[bitfusion.io/gpu]`),
    );
  });

  it('B53: units taken away', () => {
    const missing = ['VALIDATION_UNITS_MISSING spec.containers[0].resources.limits[bitfusion.io/gpu]'];
    expect(verdictOf(withUnits(gpuPod(), undefined))).toEqual(missing);
    expect(verdictOf(withUnits(gpuPod(), undefined, '50'))).toEqual(missing);
    expect(verdictOf(tampered(gpuPod(), () => ({ resources: null })))).toEqual(missing);
    // The API server gives it the request of the limit.
    expect(verdictOf(withUnits(gpuPod(), '50', undefined))).toEqual([]);
  });

  it('B53: says what the units should be', () => {
    const text = (pod: PodLike): string =>
      validatePod(pod, policyOf()).errors.map(formatFieldError).join('\n');
    const units = 'spec.containers[0].resources.limits[bitfusion.io/gpu]';
    expect(text(withUnits(gpuPod(), '51', '50'))).toBe(
      `${units}: Invalid value: "51": must be 50, which its request comes to`,
    );
    expect(text(withUnits(gpuPod({ resources: memory }), undefined))).toBe(
      `${units}: Required value: must be 100, which its request comes to`,
    );
    expect(
      text({ spec: { containers: [{ name: 'a', resources: { limits: { 'bitfusion.io/gpu': '1' } } }] } }),
    ).toBe(
      `${units}: Forbidden: is reckoned from bitfusion.io/gpu-amount with bitfusion.io/gpu-percent or bitfusion.io/gpu-memory: ask for those, and annotate the pod with auto-management/bitfusion: all or injection`,
    );
  });

  it('B53: units are reckoned exactly from the bytes, not from the MiB of the flag', () => {
    const resources = { limits: { 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu-memory': '1120M' } };
    const pod = gpuPod({ resources });
    expect(verdictOf(withUnits(pod, '7'))).toEqual([]);
    expect(verdictOf(withUnits(pod, '8'))).toHaveLength(2);
  });

  it('B21, B53: units by memory cannot be checked where the memory of a GPU is not known', () => {
    const pod = mutated(gpuPod({ resources: memory })).mutatedPod();
    expect(verdictOf(pod, policyOf({ totalGpuMemory: 0 }))).toEqual([
      'VALIDATION_UNITS_DIFFER spec.containers[0].resources.limits[bitfusion.io/gpu]',
      'VALIDATION_UNITS_DIFFER spec.containers[0].resources.requests[bitfusion.io/gpu]',
    ]);
  });

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
    ['-m up', gpuPod({ resources: memory }), replaced('-m', '7631'), [`MUTATION_RUN_DIFFERS ${command}`]],
    ['-m down', gpuPod({ resources: memory }), replaced('-m', '1'), [`MUTATION_RUN_DIFFERS ${command}`]],
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
      gpuPod({ resources: memory }),
      'BITFUSION_GPU_MEMORY',
      { value: '1' },
      [`VALIDATION_VARIABLE_DIFFERS ${env}[2].value`],
    ],
    [
      'memory in words',
      gpuPod({ resources: memory }),
      'BITFUSION_GPU_MEMORY',
      { value: '8G' },
      [`VALIDATION_VARIABLE_DIFFERS ${env}[1].value`],
    ],
    [
      'no memory',
      gpuPod({ resources: memory }),
      'BITFUSION_GPU_MEMORY',
      undefined,
      [`VALIDATION_VARIABLE_DIFFERS ${env}`],
    ],
    [
      'a larger flag',
      gpuPod({ resources: memory }),
      'BITFUSION_GPU_MEMORY_FLAG',
      { value: '9000' },
      [`VALIDATION_VARIABLE_DIFFERS ${env}[2].value`],
    ],
    [
      'no flag',
      gpuPod({ resources: memory }),
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

  it('B53: of two variables of one name the last counts', () => {
    const more = tampered(gpuPod(), ({ env: present }) => ({
      env: [...(present as object[]), { name: 'BITFUSION_GPU_AMOUNT', value: '2' }],
    }));
    expect(verdictOf(more)).toHaveLength(3);
  });

  it('B53: a variable of another share is not ours', () => {
    const more = tampered(gpuPod({ resources: memory }), ({ env: present }) => ({
      env: [...(present as object[]), { name: 'BITFUSION_GPU_PARTIAL', value: '1' }],
    }));
    expect(verdictOf(more)).toEqual([`VALIDATION_VARIABLE_DIFFERS ${env}[3].value`]);
  });

  it('B53: says what the variable should be', () => {
    const text = validatePod(
      withEnv(gpuPod({ resources: memory }), 'BITFUSION_GPU_MEMORY_FLAG', { value: '9000' }),
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

  it('B53: every container is judged', () => {
    const pod = podOf([gpuContainer(), gpuContainer({ name: 'b' })], {
      initContainers: [gpuContainer({ name: 'i' })],
    });
    const after = structuredClone(mutated(pod).mutatedPod());
    for (const container of [...(after.spec?.initContainers ?? []), ...(after.spec?.containers ?? [])]) {
      if (container.resources !== undefined)
        Object.assign(container.resources, { limits: { 'bitfusion.io/gpu': '9' } });
    }
    expect(verdictOf(after)).toEqual(
      ['initContainers[1]', 'containers[0]', 'containers[1]'].map(
        (place) => `VALIDATION_UNITS_DIFFER spec.${place}.resources.limits[bitfusion.io/gpu]`,
      ),
    );
  });

  it('B14, B53: the faults of the request come first, and warnings come too', () => {
    const pod = gpuPod({ command: ['sh', '-c', 'bitfusion run -n $N x'] });
    expect(validatePod(pod, policyOf()).warnings.map(({ code }) => code)).toEqual([
      'MUTATION_RUN_UNREADABLE',
    ]);
    const broken = podOf([
      gpuContainer({ command: [''] }),
      { name: 'b', resources: { limits: { 'bitfusion.io/gpu': 1 } } },
    ]);
    expect(verdictOf(broken).map((line) => line.split(' ')[0])).toEqual([
      'MUTATION_COMMAND_EMPTY',
      'VALIDATION_UNITS_BY_HAND',
    ]);
  });

  it('wrong shapes of a served container are errors', () => {
    const pod = tampered(gpuPod(), () => ({ command: 'python', env: 'x' }));
    expect(verdictOf(pod)).toEqual([`MUTATION_SHAPE ${command}`, `MUTATION_SHAPE ${env}`]);
  });

  it.each([
    null,
    1,
    'pod',
    [],
    {},
    { spec: 'x' },
    { spec: { containers: 'x' } },
    { spec: { containers: [null, 1] } },
  ])('throws nothing for %j', (pod) => {
    expect(verdictOf(pod as PodLike)).toEqual([]);
  });
});
