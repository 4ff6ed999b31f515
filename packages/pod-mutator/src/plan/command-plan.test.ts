import type { ContainerLike } from '@bwki/spec-parser';
import { describe, expect, it } from 'vitest';

import { faultsOf, gpuPod, injection, mutatedContainer, policyOf } from '../../test/gpu-pod.ts';
import { mutatePod } from '../mutate-pod.ts';

const wrapper = ['/usr/local/bin/bitfusion', 'run', '-n', '1', '-p', '0.5', '--'];

describe('mode all', () => {
  it('B30: puts bitfusion run in front of the command in exec form and leaves args', () => {
    const { command, args } = mutatedContainer(
      gpuPod({ command: ['python', "it's", '$(HOME)', '$$(HOME)', 'a b', ''], args: ['--x', '1'] }),
    );
    expect(command).toEqual([...wrapper, 'python', "it's", '$(HOME)', '$$(HOME)', 'a b', '']);
    expect(args).toEqual(['--x', '1']);
  });

  it.each<[string, ContainerLike['resources'], string[]]>([
    [
      'whole GPUs',
      { limits: { 'bitfusion.io/gpu-amount': 2 } },
      ['/usr/local/bin/bitfusion', 'run', '-n', '2', '--'],
    ],
    [
      'memory in MiB, rounded up',
      { limits: { 'bitfusion.io/gpu-amount': 1, 'bitfusion.io/gpu-memory': '8000M' } },
      ['/usr/local/bin/bitfusion', 'run', '-n', '1', '-m', '7630', '--'],
    ],
  ])('B30: %s', (_, resources, flags) => {
    expect(mutatedContainer(gpuPod({ resources: resources ?? {} })).command).toEqual([
      ...flags,
      'python',
      'train.py',
    ]);
  });

  it('B30: memoryFlagUnit MB is the reading of the original', () => {
    const pod = gpuPod({
      resources: { limits: { 'bitfusion.io/gpu-amount': 1, 'bitfusion.io/gpu-memory': '8000M' } },
    });
    expect(mutatedContainer(pod, policyOf({ memoryFlagUnit: 'MB' })).command).toContain('8000');
  });

  it('B3: gives the filters as flags, each an element of its own', () => {
    const pod = gpuPod({}, {}, { 'bitfusion-client/filter': 'device.index=0  server.has-rdma=true' });
    const { command, env } = mutatedContainer(pod);
    expect(command?.slice(6, 11)).toEqual([
      '--filter',
      'device.index=0',
      '--filter',
      'server.has-rdma=true',
      '--',
    ]);
    expect(env?.map(({ name }) => name)).not.toContain('BITFUSION_FILTERS');
  });
});

describe('shell text', () => {
  it.each([
    ['without args', 'python train.py --x 1', 'python train.py --x 1'],
    ['with trailing blanks', 'python train.py \n\t', 'python train.py'],
    ['of several commands', 'cd x && python y', 'cd x && python y'],
    ['with an escaped blank at its end', 'cat a\\ ', 'cat a\\ '],
    ['of a block whose last line goes on', 'python x \\\n  --y \\\n', 'python x \\\n  --y \\\n'],
    ['with quotes', `python -c "print('a b')"`, `python -c "print('a b')"`],
  ])('B31: %s becomes the text of a shell', (_, text, kept) => {
    expect(mutatedContainer(gpuPod({ command: [text] })).command).toEqual([
      ...wrapper,
      '/bin/bash',
      '-c',
      kept,
    ]);
  });

  it('B31: with args, they follow the text as "$@" and the text is $0', () => {
    const { command, args } = mutatedContainer(gpuPod({ command: ['python train.py '], args: ['a b', '*'] }));
    expect(command).toEqual([...wrapper, '/bin/bash', '-c', 'python train.py "$@"', 'python train.py']);
    expect(args).toEqual(['a b', '*']);
  });

  it('B31: args follow a block whose last line goes on', () => {
    const { command } = mutatedContainer(gpuPod({ command: ['python x \\\n'], args: ['y'] }));
    expect(command?.slice(-2)).toEqual(['python x \\\n "$@"', 'python x \\\n']);
  });

  it('B31: empty args are none', () => {
    expect(mutatedContainer(gpuPod({ command: ['python x'], args: [] })).command?.at(-1)).toBe('python x');
  });

  it('B31: the shell is configurable', () => {
    const policy = policyOf({ shell: ['/bin/sh', '-e', '-c'] });
    expect(mutatedContainer(gpuPod({ command: ['a b'] }), policy).command?.slice(-4)).toEqual([
      '/bin/sh',
      '-e',
      '-c',
      'a b',
    ]);
  });

  it.each(['python x &', 'python x ;', 'python x |', 'python x # fast', 'python x &&', 'if a; then b; fi'])(
    'B31: args cannot follow %j',
    (text) => {
      const pod = gpuPod({ command: [text], args: ['--x'] });
      expect(faultsOf(pod)).toEqual(['MUTATION_SHELL_ARGS spec.containers[0].command']);
      expect(faultsOf(gpuPod({ command: [text] }))).toEqual([]);
    },
  );

  it.each([
    ['python x &', 'ends in "&"'],
    ['python x # fast', 'ends in a comment'],
    ['if a; then b; fi', 'ends in the compound command "fi"'],
    ['python "x', 'is not complete ("python \\"x")'],
  ])('B31: says why args cannot follow %j', (text, why) => {
    const outcome = mutatePod(gpuPod({ command: [text], args: ['--x'] }), policyOf());
    expect(outcome.ok ? [] : outcome.error.map(({ detail }) => detail)).toEqual([
      `the container's args cannot follow shell text that ${why}: write the command as a list of words, or put the args into the text`,
    ]);
  });

  it.each([
    ['a program without blanks', ['python']],
    ['a program with a trailing newline', ['python\n']],
  ])('B31: %s is no shell text', (_, command) => {
    expect(mutatedContainer(gpuPod({ command })).command).toEqual([...wrapper, 'python']);
  });

  it('B31: a first element with blanks before others is a program, as in Kubernetes', () => {
    expect(mutatedContainer(gpuPod({ command: ['my program', 'x'] })).command).toEqual([
      ...wrapper,
      'my program',
      'x',
    ]);
  });

  it.each(['', ' ', '\n'])('B31: a blank command %j is an error', (text) => {
    expect(faultsOf(gpuPod({ command: [text] }))).toEqual([
      'MUTATION_COMMAND_EMPTY spec.containers[0].command[0]',
    ]);
  });

  it('B32: a shell with its text is wrapped whole', () => {
    const command = ['/bin/bash', '-c', 'cd x && python y'];
    expect(mutatedContainer(gpuPod({ command })).command).toEqual([...wrapper, ...command]);
  });
});

describe('a command that runs the client itself', () => {
  const run = 'bitfusion run -n 1 -p 0.5 -- python x';

  it.each<[string, ContainerLike]>([
    ['in exec form', { command: ['bitfusion', 'run', '-n', '1', '-p', '0.5', '--', 'python', 'x'] }],
    ['by a path', { command: ['/bitfusion/p/usr/bin/bitfusion', 'run', '-n', '1', '-p', '.5', 'x'] }],
    ['in the text of a shell', { command: ['/bin/sh', '-c', `cd y && ${run}`] }],
    ['in args after a shell', { command: ['/bin/bash', '-c'], args: [`exec ${run}`] }],
    ['for something else', { command: ['bitfusion', 'health'] }],
  ])('B33: is not wrapped again: %s', (_, container) => {
    const { command, args } = mutatedContainer(gpuPod(container));
    expect({ command, args }).toEqual({ command: container.command, args: container.args });
  });

  it('B33: without command, args may be what runs', () => {
    const pod = gpuPod({ args: ['/bin/bash', '-c', run] });
    const { command, ...container } = pod.spec?.containers?.[0] ?? {};
    expect(command).toBeDefined();
    const { command: after } = mutatedContainer({ ...pod, spec: { containers: [container] } });
    expect(after).toBeUndefined();
  });

  it('B33: as one element it still gets the shell', () => {
    expect(mutatedContainer(gpuPod({ command: [run] })).command).toEqual(['/bin/bash', '-c', run]);
    expect(mutatedContainer(gpuPod({ command: [run], args: ['a'] })).command).toEqual([
      '/bin/bash',
      '-c',
      `${run} "$@"`,
      run,
    ]);
  });

  it.each([['bitfusion-x', 'run'], ['my-bitfusion'], ['echo', 'bitfusion']])(
    'B33: %s is no client',
    (...command) => {
      expect(mutatedContainer(gpuPod({ command })).command).toEqual([...wrapper, ...command]);
    },
  );

  it('B3, B33: the filters reach it as a variable', () => {
    const filters = { 'bitfusion-client/filter': 'device.index=0 server.ip>10' };
    const { env } = mutatedContainer(gpuPod({ command: ['bitfusion', 'health'] }, {}, filters));
    expect(env).toContainEqual({ name: 'BITFUSION_FILTERS', value: 'device.index=0 server.ip>10' });
  });
});

describe('mode injection', () => {
  it.each<[string, ContainerLike]>([
    ['exec form', { command: ['python', 'x'], args: ['y'] }],
    ['shell text', { command: ['python x'] }],
    ['the client', { command: ['bitfusion run -n 1 -p 0.5 x'] }],
  ])('B35: leaves the command: %s', (_, container) => {
    const { command, args } = mutatedContainer(gpuPod(container, {}, injection));
    expect({ command, args }).toEqual({ command: container.command, args: container.args });
  });

  it('B35: needs no command', () => {
    const { command, ...container } = gpuPod({}, {}, injection).spec?.containers?.[0] ?? {};
    expect(command).toBeDefined();
    const pod = { ...gpuPod({}, {}, injection), spec: { containers: [container] } };
    expect('command' in mutatedContainer(pod)).toBe(false);
  });

  it('B3, B35: the filters reach it as a variable', () => {
    const filters = { ...injection, 'bitfusion-client/filter': 'device.index=0' };
    expect(mutatedContainer(gpuPod({}, {}, filters)).env).toContainEqual({
      name: 'BITFUSION_FILTERS',
      value: 'device.index=0',
    });
  });
});
