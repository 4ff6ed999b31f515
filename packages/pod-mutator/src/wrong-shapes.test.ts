import type { PodLike } from '@bwki/spec-parser';
import { formatFieldError } from '@bwki/spec-parser';
import { describe, expect, it } from 'vitest';

import { applyStrictly } from '../test/apply-strictly.ts';
import { gpuContainer, gpuPod, mutated, policyOf } from '../test/gpu-pod.ts';
import { mutatePod } from './mutate-pod.ts';

/** The errors of a GPU pod in whose container, or spec, fields hold something else than they should. */
function errorsOf(container: object, spec: object = {}): readonly string[] {
  const outcome = mutatePod(gpuPod(container, spec), policyOf());
  return outcome.ok ? [] : outcome.error.map((error) => `${error.code} ${formatFieldError(error)}`);
}

const place = 'MUTATION_SHAPE spec.containers[0]';

describe('a pod of wrong shapes', () => {
  it.each<[object, string[]]>([
    [{ command: 'python' }, [`${place}.command: Invalid value: "python": must be an array`]],
    [{ command: [1, 'x'] }, [`${place}.command[0]: Invalid value: 1: must be a string`]],
    [{ command: ['x', null] }, [`${place}.command[1]: Invalid value: "null": must be a string`]],
    [{ args: [{}] }, [`${place}.args[0]: Invalid value: "object": must be a string`]],
    [{ args: 7 }, [`${place}.args: Invalid value: 7: must be an array`]],
    [{ env: {} }, [`${place}.env: Invalid value: "object": must be an array`]],
    [
      { env: [null, 'A=1'] },
      [
        `${place}.env[0]: Invalid value: "null": must be an object`,
        `${place}.env[1]: Invalid value: "A=1": must be an object`,
      ],
    ],
    [{ env: [{ value: 'x' }] }, [`${place}.env[0].name: Required value`]],
    [
      { env: [{ name: null }, { name: 5 }] },
      [`${place}.env[0].name: Required value`, `${place}.env[1].name: Invalid value: 5: must be a string`],
    ],
    [{ env: [{ name: 'A', value: 5 }] }, [`${place}.env[0].value: Invalid value: 5: must be a string`]],
    [
      { env: [{ name: 'A', valueFrom: 'x' }] },
      [`${place}.env[0].valueFrom: Invalid value: "x": must be an object`],
    ],
    [{ volumeMounts: 'x' }, [`${place}.volumeMounts: Invalid value: "x": must be an array`]],
    [{ volumeMounts: [[]] }, [`${place}.volumeMounts[0]: Invalid value: "array": must be an object`]],
    [
      { volumeMounts: [{ subPath: 1 }] },
      [
        `${place}.volumeMounts[0].name: Required value`,
        `${place}.volumeMounts[0].mountPath: Required value`,
        `${place}.volumeMounts[0].subPath: Invalid value: 1: must be a string`,
      ],
    ],
    [{ image: ['x'] }, [`${place}.image: Invalid value: "array": must be a string`]],
    [{ securityContext: true }, [`${place}.securityContext: Invalid value: true: must be an object`]],
    [
      { securityContext: { runAsUser: '1', runAsGroup: 1.5, runAsNonRoot: 1 } },
      [
        `${place}.securityContext.runAsUser: Invalid value: "1": must be an integer`,
        `${place}.securityContext.runAsGroup: Invalid value: 1.5: must be an integer`,
        `${place}.securityContext.runAsNonRoot: Invalid value: 1: must be true or false`,
      ],
    ],
    [
      { command: 'x', args: 'y', env: 'z' },
      ['command', 'args', 'env'].map(
        (field, index) => `${place}.${field}: Invalid value: "${'xyz'.charAt(index)}": must be an array`,
      ),
    ],
  ])('B14: %j', (container, errors) => {
    expect(errorsOf(container)).toEqual(errors);
  });

  it.each<[object, string[]]>([
    [{ volumes: {} }, ['spec.volumes: Invalid value: "object": must be an array']],
    [
      { volumes: [null, {}] },
      ['spec.volumes[0]: Invalid value: "null": must be an object', 'spec.volumes[1].name: Required value'],
    ],
    [{ imagePullSecrets: 'x' }, ['spec.imagePullSecrets: Invalid value: "x": must be an array']],
    [
      { imagePullSecrets: [{ name: 1 }, {}] },
      ['spec.imagePullSecrets[0].name: Invalid value: 1: must be a string'],
    ],
    [
      { securityContext: { fsGroup: 'x' } },
      ['spec.securityContext.fsGroup: Invalid value: "x": must be an integer'],
    ],
    [{ resources: 1 }, ['spec.resources: Invalid value: 1: must be an object']],
    [
      { resources: { limits: [], requests: 'x' } },
      [
        'spec.resources.limits: Invalid value: "array": must be an object',
        'spec.resources.requests: Invalid value: "x": must be an object',
      ],
    ],
    [
      { initContainers: [{ name: 'i', volumeMounts: [1] }] },
      ['spec.initContainers[0].volumeMounts[0]: Invalid value: 1: must be an object'],
    ],
    [
      {
        initContainers: [
          { name: 'bwki-populate', args: 'x', volumeMounts: [{ name: 'bwki-client', mountPath: '/x' }] },
        ],
      },
      ['spec.initContainers[0].args: Invalid value: "x": must be an array'],
    ],
  ])('B14: in the spec, %j', (spec, errors) => {
    const found = errorsOf({}, spec).filter((error) => error.startsWith('MUTATION_SHAPE'));
    expect(found).toEqual(errors.map((error) => `MUTATION_SHAPE ${error}`));
  });

  it('B14: what the parser reports is reported once', () => {
    expect(errorsOf({}, { initContainers: 'x' }).map((error) => error.split(' ')[0])).toEqual([
      'SPEC_TYPE_INVALID',
    ]);
    expect(
      errorsOf({}, { initContainers: [null, 'x', { name: 1, resources: 'x' }] }).map(
        (error) => error.split(':')[0],
      ),
    ).toEqual([
      'SPEC_TYPE_INVALID spec.initContainers[0]',
      'SPEC_TYPE_INVALID spec.initContainers[1]',
      'SPEC_TYPE_INVALID spec.initContainers[2].resources',
    ]);
    expect(
      errorsOf({}, { initContainers: [{ name: 'i', resources: { limits: 'x', requests: [] } }] }).map(
        (error) => error.split(':')[0],
      ),
    ).toEqual([
      'SPEC_TYPE_INVALID spec.initContainers[0].resources.limits',
      'SPEC_TYPE_INVALID spec.initContainers[0].resources.requests',
    ]);
  });

  it('B14: hides no other fault of the container', () => {
    const container = { args: 'x', env: [{ name: 'BITFUSION_GPU_AMOUNT', value: '9' }] };
    expect(errorsOf(container).map((error) => error.split(':')[0])).toEqual([
      `${place}.args`,
      'MUTATION_ENV_TAKEN spec.containers[0].env[0].name',
    ]);
  });

  it('B14: very many faults are collected too', () => {
    const count = 200_000;
    expect(errorsOf({ env: Array.from({ length: count }, () => 1) })).toHaveLength(count);
    const taken = Array.from({ length: count }, () => ({ name: 'BITFUSION_GPU_AMOUNT' }));
    expect(errorsOf({ env: taken })).toHaveLength(count);
  });

  it('B15: what is not read of other containers is not judged', () => {
    const other = { name: 'log', command: 'tail', env: {}, args: [1], image: 5 };
    expect(errorsOf({}, { initContainers: [other] })).toEqual([]);
  });

  it('null is absent in every field that is read', () => {
    const nothing = {
      args: null,
      env: null,
      volumeMounts: null,
      securityContext: null,
      image: null,
    };
    const plain = gpuContainer();
    const pod = {
      metadata: { annotations: { 'auto-management/bitfusion': 'all' } },
      spec: {
        volumes: null,
        imagePullSecrets: null,
        initContainers: null,
        securityContext: { runAsUser: null, fsGroup: null },
        resources: { limits: null, requests: null },
        containers: [
          { ...plain, ...nothing, resources: { ...plain.resources, requests: null } },
          { name: 'other', resources: null, ...nothing },
          {
            ...plain,
            name: 'more',
            securityContext: { runAsUser: null },
            env: [{ name: 'A', value: null, valueFrom: null }],
          },
        ],
      },
    } as unknown as PodLike;
    const { patch, mutatedPod } = mutated(pod, policyOf({ imagePullSecrets: ['pull'] }));
    expect(applyStrictly(pod, patch)).toEqual(mutatedPod());
    expect(mutatedPod().spec?.initContainers?.map(({ name }) => name)).toEqual(['bwki-populate']);
    expect(mutated(mutatedPod(), policyOf({ imagePullSecrets: ['pull'] })).patch).toEqual([]);
  });
});
