import { err, ok } from '@bwki/plain-data';
import type { ContainerLike, PodLike } from '@bwki/spec-parser';
import { formatFieldError } from '@bwki/spec-parser';
import { describe, expect, it } from 'vitest';

import { gpuContainer, mutated, podOf, policyOf } from '../../test/gpu-pod.ts';
import type { ImageConfig, ImageConfigs } from '../policy/image-config.ts';
import { mutatePod } from '../mutate-pod.ts';

const wrapper = ['/usr/local/bin/bitfusion', 'run', '-n', '1', '-p', '0.5', '--'];
const image = 'registry.example/train:1';

function withoutCommand(changes: ContainerLike = {}): PodLike {
  const { command, ...container } = gpuContainer(changes);
  expect(command).toEqual(['python', 'train.py']);
  return podOf([container]);
}

function imageOf(config: Partial<ImageConfig>): ImageConfigs {
  return new Map([[image, ok({ entrypoint: [], cmd: [], ...config })]]);
}

function commandLine(pod: PodLike, imageConfigs: ImageConfigs): Pick<ContainerLike, 'command' | 'args'> {
  const { command, args } =
    mutated(pod, policyOf(), { imageConfigs }).mutatedPod().spec?.containers?.[0] ?? {};
  return { ...(command && { command }), ...(args && { args }) };
}

describe('a container without a command', () => {
  it.each<[string, ContainerLike, Partial<ImageConfig>, object]>([
    [
      'ENTRYPOINT and CMD',
      {},
      { entrypoint: ['python'], cmd: ['train.py'] },
      { command: [...wrapper, 'python'], args: ['train.py'] },
    ],
    [
      'ENTRYPOINT and its own args, without CMD',
      { args: ['--x'] },
      { entrypoint: ['python'], cmd: ['train.py'] },
      { command: [...wrapper, 'python'], args: ['--x'] },
    ],
    [
      'empty args are none',
      { args: [] },
      { entrypoint: ['python'], cmd: ['train.py'] },
      { command: [...wrapper, 'python'], args: ['train.py'] },
    ],
    ['ENTRYPOINT alone', {}, { entrypoint: ['/run'] }, { command: [...wrapper, '/run'] }],
    ['CMD alone', {}, { cmd: ['sh', '-c', 'x'] }, { command: wrapper, args: ['sh', '-c', 'x'] }],
    [
      'args alone',
      { args: ['sh', '-c', 'x'] },
      { cmd: ['bash'] },
      { command: wrapper, args: ['sh', '-c', 'x'] },
    ],
  ])('B34: runs %s', (_, container, config, expected) => {
    expect(commandLine(withoutCommand(container), imageOf(config))).toEqual(expected);
  });

  it('B34: keeps what the image says from the expansion that Kubernetes does in a pod', () => {
    const config = { entrypoint: ['echo', '$(HOME)', '$$', '$x'], cmd: ['$(A)'] };
    expect(commandLine(withoutCommand(), imageOf(config))).toEqual({
      command: [...wrapper, 'echo', '$$(HOME)', '$$$$', '$$x'],
      args: ['$$(A)'],
    });
  });

  it('B34: leaves the references in its own args', () => {
    const pod = withoutCommand({ args: ['$(HOME)', '$$x'] });
    expect(commandLine(pod, imageOf({ entrypoint: ['echo'] })).args).toEqual(['$(HOME)', '$$x']);
  });

  it('B33, B34: is not wrapped where its image runs the client', () => {
    const config = { entrypoint: ['bitfusion'], cmd: ['run', '-n', '1', '-p', '0.5', 'x'] };
    expect(commandLine(withoutCommand(), imageOf(config))).toEqual({});
  });

  it("B33, B34: reads the image's words as the image means them", () => {
    // In the pod $(BITFUSION_GPU_AMOUNT) would be the variable; in the image it is nothing known.
    const config = { entrypoint: ['bitfusion', 'run', '-n', '$(BITFUSION_GPU_AMOUNT)', 'x'] };
    const { warnings } = mutated(withoutCommand(), policyOf(), { imageConfigs: imageOf(config) });
    expect(warnings.map(({ code }) => code)).toEqual(['MUTATION_RUN_UNREADABLE']);
  });

  it.each<[string, ImageConfigs | undefined, string]>([
    [
      'no image is known',
      undefined,
      'spec.containers[0].command: Required value: container "main" names no command to run on the GPU (its image cannot be looked into): set "command", or annotate the pod with auto-management/bitfusion: injection and call "bitfusion run" yourself',
    ],
    [
      'another image is known',
      new Map([['other', ok({ entrypoint: ['x'], cmd: [] })]]),
      'spec.containers[0].command: Required value: container "main" names no command to run on the GPU (its image cannot be looked into): set "command", or annotate the pod with auto-management/bitfusion: injection and call "bitfusion run" yourself',
    ],
    [
      'the registry refuses',
      new Map([[image, err({ code: 'DENIED', detail: 'the registry says 401' })]]),
      'spec.containers[0].command: Required value: container "main" names no command to run on the GPU (the registry says 401): set "command", or annotate the pod with auto-management/bitfusion: injection and call "bitfusion run" yourself',
    ],
    [
      'the image says nothing',
      imageOf({}),
      'spec.containers[0].command: Required value: neither container "main" nor its image "registry.example/train:1" says what to run: set "command"',
    ],
  ])('B34: names the two ways out where %s', (_, imageConfigs, text) => {
    const outcome = mutatePod(withoutCommand(), policyOf(), { imageConfigs });
    expect(outcome.ok ? [] : outcome.error.map(formatFieldError)).toEqual([text]);
  });

  it.each([null, []])('B34: a command of %j is none', (command) => {
    const pod = podOf([{ ...gpuContainer(), command } as ContainerLike]);
    expect(commandLine(pod, imageOf({ entrypoint: ['x'] })).command).toEqual([...wrapper, 'x']);
  });
});
