import type { ContainerLike, PodLike } from '@bwki/spec-parser';
import { describe, expect, it } from 'vitest';

import { gpuContainer, gpuPod, injection, mutated, podOf, policyOf } from '../../test/gpu-pod.ts';
import { mutatePod } from '../mutate-pod.ts';
import { validatePod } from '../validate/validate-pod.ts';

const exceeds = 'MUTATION_RUN_EXCEEDS_REQUEST';
const unreadable = 'MUTATION_RUN_UNREADABLE';
const place = 'spec.containers[0]';

function found(pod: PodLike): readonly string[] {
  const outcome = mutatePod(pod, policyOf());
  const list = outcome.ok ? outcome.value.warnings : outcome.error;
  return list.map(({ code, field }) => `${code} ${field}`);
}

const hook = (command: readonly string[]): object => ({ exec: { command } });
const greedy = ['bitfusion', 'run', '-n', '8', 'x'];

describe('commands that the kubelet runs in a container', () => {
  it.each<[string, object]>([
    ['lifecycle.postStart', { lifecycle: { postStart: hook(greedy) } }],
    ['lifecycle.preStop', { lifecycle: { preStop: hook(['sh', '-c', greedy.join(' ')]) } }],
    ['startupProbe', { startupProbe: hook(greedy) }],
    ['livenessProbe', { livenessProbe: hook(['timeout', '5', ...greedy]) }],
    ['readinessProbe', { readinessProbe: hook(greedy) }],
  ])('B79: %s may take no more than the resources ask for', (field, more) => {
    const expected = [`${exceeds} ${place}.${field}.exec.command`];
    expect(found(gpuPod(more))).toEqual(expected);
    expect(found(gpuPod(more, {}, injection))).toEqual(expected);
    const after = mutated(gpuPod()).mutatedPod();
    const containers = after.spec?.containers?.map((container) => ({ ...container, ...more })) ?? [];
    const tampered = { ...after, spec: { ...after.spec, containers } };
    expect(validatePod(tampered, policyOf()).errors.map((it) => `${it.code} ${it.field}`)).toEqual(expected);
  });

  it('B79: what they take within the resources, or what is no command, is left alone', () => {
    const fine: object = { livenessProbe: hook(['bitfusion', 'run', '-n', '1', '-p', '0.1', 'nvidia-smi']) };
    const after = mutated(gpuPod(fine)).mutatedPod();
    expect(validatePod(after, policyOf()).errors).toEqual([]);
    for (const exec of [null, 1, {}, { command: 'bitfusion run -n 8' }, { command: [1] }]) {
      expect(found(gpuPod({ livenessProbe: { exec } } as ContainerLike))).toEqual([]);
    }
    expect(found(gpuPod({ livenessProbe: { httpGet: { port: 1 } } } as ContainerLike))).toEqual([]);
  });

  it('B79: what cannot be read is warned of', () => {
    const more: object = { livenessProbe: hook(['bitfusion', 'run', '-n', '$(N)', 'x']) };
    expect(found(gpuPod(more))).toEqual([`${unreadable} ${place}.livenessProbe.exec.command`]);
  });
});

describe('commands that take GPUs in another way than by run', () => {
  it.each<[string, string | readonly string[]]>([
    ['request_gpus', 'bitfusion request_gpus -n 8 && bitfusion client -- python x'],
    ['a supervisor', ['/var/run/argo/argoexec', 'emissary', '--', 'bitfusion', 'run', '-n', '4', '--', 'x']],
    ['xargs', 'ls /data | xargs -n1 bitfusion run -n 4 -- x'],
    ['a variable', "CMD='bitfusion run -n 4 --'; $CMD python t.py"],
    ['the program beside the launcher', 'bitfusion-client run -n 4 -- x'],
    ['a run within a run', ['bitfusion', 'run', '-n', '1', '-p', '0.5', '--', ...greedy]],
  ])('B79: %s is refused', (_, text) => {
    const command = typeof text === 'string' ? ['sh', '-c', text] : text;
    const expected = [`${exceeds} ${place}.command`];
    expect(found(gpuPod({ command }))).toEqual(expected);
    expect(found(gpuPod({ command }, {}, injection))).toEqual(expected);
    const annotations = { ...injection, 'bitfusion-client/containers': 'main' };
    const named = found(podOf([{ name: 'main', command }], {}, annotations));
    expect(new Set(named)).toEqual(new Set(expected));
  });

  it('B79: a starter put before an injected command is seen through', () => {
    const after = mutated(podOf([gpuContainer()])).mutatedPod();
    const containers = (after.spec?.containers ?? []).map((container) => ({
      ...container,
      command: [
        '/vault/vault-env',
        ...(container.command ?? []).map((word) => (word === '0.5' ? '1' : word)),
      ],
    }));
    const tampered = { ...after, spec: { ...after.spec, containers } };
    expect(validatePod(tampered, policyOf()).errors.map(({ code }) => code)).toEqual([exceeds]);
  });

  it('B79: says which command of the client it is', () => {
    const outcome = mutatePod(gpuPod({ command: ['bitfusion', 'request_gpus', '-n', '8'] }), policyOf());
    expect(outcome.ok ? [] : outcome.error).toMatchObject([{ value: 'bitfusion request_gpus -n 8' }]);
  });
});
