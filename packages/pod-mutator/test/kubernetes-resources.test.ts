import type { ContainerLike, PodSpecLike } from '@bwki/spec-parser';
import { describe, expect, it } from 'vitest';

import { podResources } from './kubernetes-resources.ts';

const sized = (
  requests?: Record<string, string>,
  limits?: Record<string, string>,
  restartPolicy?: string,
): ContainerLike => ({
  resources: { ...(requests && { requests }), ...(limits && { limits }) },
  ...(restartPolicy !== undefined && { restartPolicy }),
});

// The cases are those of the documents that the oracle follows.
describe('the oracle of resources', () => {
  it.each<[string, PodSpecLike, string, Record<string, string>]>([
    ['nothing', { containers: [{}] }, 'BestEffort', {}],
    ['zero is nothing', { containers: [sized({ cpu: '0' })] }, 'BestEffort', {}],
    [
      'a disk only',
      { containers: [sized({ 'ephemeral-storage': '1n' })] },
      'BestEffort',
      { 'ephemeral-storage': '1' },
    ],
    ['a request', { containers: [sized({ cpu: '1n' })] }, 'Burstable', { cpu: '1' }],
    [
      'limits only',
      { containers: [sized({}, { cpu: '1n', memory: '2n' })] },
      'Guaranteed',
      { cpu: '1', memory: '2' },
    ],
    ['cpu only', { containers: [sized({}, { cpu: '1n' })] }, 'Burstable', { cpu: '1' }],
    [
      'one of two',
      { containers: [sized({}, { cpu: '1n', memory: '2n' }), {}] },
      'Burstable',
      { cpu: '1', memory: '2' },
    ],
    [
      'an init container counts for the class',
      { containers: [sized({}, { cpu: '1n', memory: '2n' })], initContainers: [{}] },
      'Burstable',
      { cpu: '1', memory: '2' },
    ],
    [
      'the pod',
      { containers: [{}], resources: { limits: { cpu: '1n', memory: '2n' } } },
      'Guaranteed',
      { cpu: '1', memory: '2' },
    ],
    [
      'a large init container',
      { initContainers: [sized({ cpu: '5n' })], containers: [sized({ cpu: '1n' }), sized({ cpu: '2n' })] },
      'Burstable',
      { cpu: '5' },
    ],
    [
      'a sidecar beside what follows it',
      {
        initContainers: [sized({ cpu: '1n' }, undefined, 'Always'), sized({ cpu: '5n' })],
        containers: [sized({ cpu: '4n' })],
      },
      'Burstable',
      { cpu: '6' },
    ],
    [
      'a sidecar beside the containers',
      {
        initContainers: [sized({ cpu: '5n' }), sized({ cpu: '1n' }, undefined, 'Always')],
        containers: [sized({ cpu: '7n' })],
      },
      'Burstable',
      { cpu: '8' },
    ],
  ])('%s', (_, spec, qosClass, requests) => {
    expect(podResources({ spec })).toEqual({ qosClass, requests });
  });
});
