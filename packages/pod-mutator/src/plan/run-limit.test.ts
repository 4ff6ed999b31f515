import type { ContainerLike } from '@bwki/spec-parser';
import { formatFieldError, formatWarning } from '@bwki/spec-parser';
import { describe, expect, it } from 'vitest';

import { gpuContainer, gpuPod, injection, mutated, podOf, policyOf } from '../../test/gpu-pod.ts';
import { mutatePod } from '../mutate-pod.ts';

type Amounts = Record<string, string>;

const half: Amounts = { 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu-percent': '50' };
const memory: Amounts = { 'bitfusion.io/gpu-amount': '2', 'bitfusion.io/gpu-memory': '8000M' };
const whole: Amounts = { 'bitfusion.io/gpu-amount': '2' };

function codesOf(flags: string, limits: Amounts, config = {}): readonly string[] {
  const pod = gpuPod({
    command: ['/bin/sh', '-c', `bitfusion run ${flags} -- python x`],
    resources: { limits },
  });
  const outcome = mutatePod(pod, policyOf(config));
  return outcome.ok
    ? outcome.value.warnings.map(({ code, field }) => `${code} ${field}`)
    : outcome.error.map(({ code, field }) => `${code} ${field}`);
}

const command = 'spec.containers[0].command';
const exceeds = [`MUTATION_RUN_EXCEEDS_REQUEST ${command}`];
const unreadable = [`MUTATION_RUN_UNREADABLE ${command}`];

describe('a run of the user', () => {
  it.each<[string, Amounts, readonly string[]]>([
    ['-n 1 -p 0.5', half, []],
    ['-n 1 -p 0.25', half, []],
    ['-n 1 -p 0.500000001', half, exceeds],
    ['-n 1 -p 0.51', half, exceeds],
    ['-n 2 -p 0.5', half, exceeds],
    ['-n 2 -p 0.25', half, []],
    ['-n 1', half, exceeds],
    ['-n 2', whole, []],
    ['-n 1', whole, []],
    ['-n 3', whole, exceeds],
    ['-n 2 -m 7630', memory, []],
    ['-n 2 -m 7631', memory, exceeds],
    ['-n 4 -m 3815', memory, []],
    ['-n 2 -p 0.5', memory, []],
    ['-n 2 -p 0.51', memory, exceeds],
    ['-n 1 -m 7629', half, []],
    ['-n 1 -m 7630', half, exceeds],
    ['-n $BITFUSION_GPU_AMOUNT -p ${BITFUSION_GPU_PARTIAL}', half, []],
    ['-n "$BITFUSION_GPU_AMOUNT" -m $BITFUSION_GPU_MEMORY_FLAG', memory, []],
    ['-n $(BITFUSION_GPU_AMOUNT) -p 0.9', half, exceeds],
    ['-n $N -p 0.5', half, unreadable],
    ['-n 1 -p $(nproc)', half, unreadable],
    ['-p 0.5', half, unreadable],
    ['-n 1.5 -p 0.1', half, unreadable],
    ['-n 1 -m 1.5', half, unreadable],
    ['-n 1 -p -0.5', half, unreadable],
    ['-n 1 -p 50%', half, unreadable],
    ['-n 1 -p 500m', half, unreadable],
    ['-n 1 -m $X', half, unreadable],
    ['--bogus', half, unreadable],
  ])('B33: %s for %j', (flags, limits, expected) => {
    expect(codesOf(flags, limits)).toEqual(expected);
  });

  it('B33: is read by the unit of -m', () => {
    expect(codesOf('-n 2 -m 8000', memory, { memoryFlagUnit: 'MB' })).toEqual([]);
    expect(codesOf('-n 2 -m 8001', memory, { memoryFlagUnit: 'MB' })).toEqual(exceeds);
  });

  it('B33: cannot be compared with a fraction where the memory of a GPU is not known', () => {
    expect(codesOf('-n 1 -m 1', half, { totalGpuMemory: 0 })).toEqual(unreadable);
    expect(codesOf('-n 1 -p 0.6', half, { totalGpuMemory: 0 })).toEqual(exceeds);
  });

  it.each<[string, ContainerLike, string]>([
    ['args-text', { command: ['bash', '-c'], args: ['bitfusion run -n 9 x'] }, 'args'],
    ['argv', { command: ['bitfusion', 'run', '-n', '9', 'x'] }, 'command'],
    ['command-text', { command: ['bitfusion run -n 9 x'] }, 'command'],
  ])('B33: is reported where it stands: %s', (_, container, field) => {
    const outcome = mutatePod(gpuPod(container), policyOf());
    expect(outcome.ok ? [] : outcome.error.map((error) => error.field)).toEqual([
      `spec.containers[0].${field}`,
    ]);
  });

  it('B33: says what it takes and what was asked for', () => {
    const text = (limits: Amounts): string => {
      const resources = { limits };
      const outcome = mutatePod(
        gpuPod({ command: ['bitfusion', 'run', '-n', '9', '-p', '1', 'x'], resources }),
        policyOf(),
      );
      return outcome.ok ? '' : outcome.error.map(formatFieldError).join('\n');
    };
    expect(text(half)).toBe(
      'spec.containers[0].command: Invalid value: "bitfusion run -n 9 -p 1": takes more GPU than the container\'s resources ask for (50 % of 1 GPU): ask for as much there, or take less here',
    );
    expect(text(whole)).toContain('(2 GPUs)');
    expect(text(memory)).toContain('(8G of 2 GPUs)');
  });

  it('B33: says why it cannot be read', () => {
    const messages = (text: string): readonly string[] =>
      mutated(gpuPod({ command: ['sh', '-c', text] })).warnings.map(({ message }) => message);
    expect(messages('bitfusion run --bogus x')).toEqual([
      'cannot read what this takes (option --bogus is not known): keep it within the resources',
    ]);
    expect(messages('bitfusion run -n $N -m 5 x')).toEqual([
      'cannot read what this takes (bitfusion run -n $N -m 5): keep it within the resources',
    ]);
  });

  it('B33: each of several is judged', () => {
    const text = 'bitfusion run -n 9 x; bitfusion run -n $A x; bitfusion run -n 8 -m 9 x';
    const outcome = mutatePod(gpuPod({ command: ['sh', '-c', text] }), policyOf({ totalGpuMemory: 0 }));
    expect(outcome.ok ? [] : outcome.error.map(({ value }) => value)).toEqual(['bitfusion run -n 9']);
  });

  it('B33, B35: is judged in mode injection too', () => {
    const pod = gpuPod({ command: ['sh', '-c', 'bitfusion run -n 9 x'] }, {}, injection);
    expect(mutatePod(pod, policyOf()).ok).toBe(false);
  });

  it('B4a, B33: a container that was only named may take nothing', () => {
    const named = { ...injection, 'bitfusion-client/containers': 'helper' };
    const helper = (...words: string[]): ContainerLike[] => [{ name: 'helper', command: words }];
    const run = (words: string[]): unknown => {
      const pod = { metadata: { annotations: named }, spec: { containers: helper(...words) } };
      const outcome = mutatePod(pod, policyOf());
      return outcome.ok ? [] : outcome.error.map(formatFieldError);
    };
    expect(run(['bitfusion', 'health'])).toEqual([]);
    const refusal =
      "takes more GPU than the container's resources ask for (nothing): ask for as much there, or take less here";
    expect(run(['bitfusion', 'run', '-n', '1', 'x'])).toEqual([
      `spec.containers[0].command: Invalid value: "bitfusion run -n 1": ${refusal}`,
    ]);
    expect(run(['bitfusion', 'run', '-n', '$(X)', 'x'])).toHaveLength(1);
    expect(run(['bitfusion', 'run', '--what'])).toHaveLength(1);
  });

  it.each([
    ['less', '0.3'],
    ['more', '0.7'],
    ['an unknown part', '$(X)'],
  ])('B53: by the path of the launcher has to be what the mutation writes, not %s', (_, partial) => {
    const run = (path: string, p: string): readonly string[] => {
      const outcome = mutatePod(gpuPod({ command: [path, 'run', '-n', '1', '-p', p, 'x'] }), policyOf());
      return outcome.ok ? [] : outcome.error.map(({ code }) => code);
    };
    expect(run('/usr/local/bin/bitfusion', partial)).toEqual(['MUTATION_RUN_DIFFERS']);
    expect(run('/usr/local/bin/bitfusion', '0.50')).toEqual([]);
    expect(run('/usr/local/bin/bitfusion', '$(BITFUSION_GPU_PARTIAL)')).toEqual([]);
    expect(run('bitfusion', '0.3')).toEqual([]);
  });

  it('B70, B79: text beyond the limit of what is read is warned of, in all containers of a pod together', () => {
    const long = (name: string): ContainerLike =>
      gpuContainer({ name, command: ['sh', '-c', 'bitfusion run -n 1 -p 0.5 x'.padEnd(3000)] });
    const named: ContainerLike = { name: 'd', command: ['sh', '-c', 'bitfusion run -n 1 x'.padEnd(3000)] };
    const annotations = { ...injection, 'bitfusion-client/containers': 'd' };
    const { warnings } = mutated(podOf([long('a'), long('b'), long('c'), named], {}, annotations));
    expect(warnings.map(({ code, field }) => `${code} ${field}`)).toEqual([
      'MUTATION_RUN_UNREADABLE spec.containers[2].command',
      'MUTATION_RUN_UNREADABLE spec.containers[3].command',
    ]);
    expect(warnings.map(formatWarning)[0]).toBe(
      'spec.containers[2].command: cannot read what this takes (over 8192 characters in the pod): keep it within the resources',
    );
  });

  it('B33: what cannot be read is warned of in one line', () => {
    const pod = gpuPod({ command: ['sh', '-c', 'bitfusion run -n $N -p 0.5 -- x'] });
    expect(mutated(pod).warnings.map(formatWarning)).toEqual([
      'spec.containers[0].command: cannot read what this takes (bitfusion run -n $N -p 0.5): keep it within the resources',
    ]);
  });
});
