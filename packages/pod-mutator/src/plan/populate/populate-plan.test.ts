import type { ContainerLike, PodLike, PodSpecLike } from '@bwki/spec-parser';
import { describe, expect, it } from 'vitest';

import { faultsOf, gpuContainer, gpuPod, mutated, podOf, policyOf } from '../../../test/gpu-pod.ts';

function stepsOf(pod: PodLike, config = {}): readonly ContainerLike[] {
  const { initContainers = [] } = mutated(pod, policyOf(config)).mutatedPod().spec ?? {};
  return initContainers.filter(({ name }) => name?.startsWith('bwki-populate'));
}

function userOf(pod: PodLike): unknown {
  const { runAsUser, runAsGroup, runAsNonRoot } = stepsOf(pod)[0]?.securityContext ?? {};
  return { runAsUser, runAsGroup, runAsNonRoot };
}

function modeOf(pod: PodLike): string | undefined {
  return stepsOf(pod)[0]?.args?.find((argument) => argument.startsWith('--mode='));
}

/** Of the 16,000 MB that `policyOf` has. */
const gpuMemory = '--gpu-memory=16000000000';
const packageArgument = '--package=bitfusion-client-ubuntu2004_4.5.0-4_amd64.deb';

describe('the populating step', () => {
  it('B39: is hardened, copies only the chosen package, and says whom it serves', () => {
    expect(stepsOf(gpuPod(), { clientImage: 'registry.example/client:1' })).toEqual([
      {
        name: 'bwki-populate',
        image: 'registry.example/client:1',
        command: ['/bwki/populate'],
        args: [packageArgument, gpuMemory, '--mode=0666', '--container=main'],
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
          seccompProfile: { type: 'RuntimeDefault' },
        },
        volumeMounts: [
          { name: 'bwki-client', mountPath: '/bwki/volume' },
          { name: 'bwki-token', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true },
        ],
      },
    ]);
  });

  it('B39: comes first, in front of init containers that may use the GPU', () => {
    const initContainers = [gpuContainer({ name: 'warm-up' }), { name: 'other' }];
    const { spec } = mutated(gpuPod({}, { initContainers })).mutatedPod();
    expect(spec?.initContainers?.map(({ name }) => name)).toEqual(['bwki-populate', 'warm-up', 'other']);
    expect(spec?.initContainers?.[0]?.args?.slice(-2)).toEqual(['--container=warm-up', '--container=main']);
  });

  it('B39: takes the pull policy and the pull secrets of the policy', () => {
    const config = { imagePullPolicy: 'Always' as const, imagePullSecrets: ['mine', 'there'] };
    const pod = gpuPod({}, { imagePullSecrets: [{ name: 'there' }, {}] });
    expect(stepsOf(pod, config)[0]?.imagePullPolicy).toBe('Always');
    expect(mutated(pod, policyOf(config)).mutatedPod().spec?.imagePullSecrets).toEqual([
      { name: 'there' },
      {},
      { name: 'mine' },
    ]);
  });

  it.each([
    ['registry.example:5000/client', 'Always'],
    ['registry.example:5000/client:latest', 'Always'],
    ['client:latest@sha256:0f', 'Always'],
    ['registry.example:5000/client:1', 'IfNotPresent'],
    ['registry.example/client@sha256:0f', 'IfNotPresent'],
  ] as const)(
    'B43: %s without a pull policy means %s to Kubernetes, so only others are said',
    (image, usual) => {
      for (const imagePullPolicy of ['Always', 'IfNotPresent', 'Never'] as const) {
        const [step] = stepsOf(gpuPod(), { clientImage: image, imagePullPolicy });
        expect(step?.imagePullPolicy).toBe(imagePullPolicy === usual ? undefined : imagePullPolicy);
      }
    },
  );

  it("B39: says where a package of the administrator's own has its libraries", () => {
    const argsOf = (libraryPath: string): readonly string[] | undefined =>
      stepsOf(gpuPod(), {
        catalog: [{ kind: 'package', os: 'a', version: '1', package: 'own', libraryPath }],
        defaultClient: { os: 'a', version: '1' },
      })[0]?.args?.slice(0, -2);
    expect(argsOf('lib')).toEqual(['--package=own', '--library-path=lib', gpuMemory]);
    expect(argsOf('x/opt/bitfusion/lib/x86_64-linux-gnu/lib')).toHaveLength(3);
    expect(argsOf('opt/bitfusion/lib/x86_64-linux-gnu/lib')).toEqual(['--package=own', gpuMemory]);
    expect(argsOf('opt/bitfusion/lib/x86_64-linux-gnu/bitfusion/lib')).toEqual(['--package=own', gpuMemory]);
  });

  it.each([
    [{}, [gpuMemory]],
    [{ enforce: 'on' }, [gpuMemory]],
    [{ enforce: 'warn' }, ['--enforce=warn', gpuMemory]],
    [{ enforce: 'off' }, ['--enforce=off']],
    [{ totalGpuMemory: 0 }, []],
    [{ totalGpuMemory: '16Gi' }, ['--gpu-memory=17179869184']],
    [{ memoryFlagUnit: 'MB' }, ['--gpu-memory=16777216000']],
    [{ totalGpuMemory: 999_999 }, ['--gpu-memory=999999000000']],
    [{ totalGpuMemory: 1_000_000 }, []],
  ] as const)('B80: %j has the launcher read %j', (config, args) => {
    expect(stepsOf(gpuPod(), config)[0]?.args?.slice(1, -2)).toEqual(args);
  });

  it('B41: copies no package where the client is preinstalled', () => {
    expect(stepsOf(gpuPod({}, {}, { 'bitfusion-client/version': 'preinstalled' }))[0]?.args).toEqual([
      '--mode=0666',
      '--container=main',
    ]);
  });

  it.each<[string, ContainerLike, PodSpecLike, object]>([
    ['nothing is said', {}, {}, {}],
    [
      'the container says it',
      { securityContext: { runAsUser: 1000, runAsGroup: 100, runAsNonRoot: true } },
      {},
      { runAsUser: 1000, runAsGroup: 100, runAsNonRoot: true },
    ],
    [
      'the pod says it, which the step inherits',
      {},
      { securityContext: { runAsUser: 1000, runAsNonRoot: true } },
      {},
    ],
    [
      'the container differs from the pod',
      { securityContext: { runAsUser: 0, runAsNonRoot: false } },
      { securityContext: { runAsUser: 1000, runAsGroup: 5, runAsNonRoot: true } },
      { runAsUser: 0, runAsNonRoot: false },
    ],
    [
      'the container says the same as the pod',
      { securityContext: { runAsUser: 7, runAsGroup: 8 } },
      { securityContext: { runAsUser: 7, runAsGroup: 8 } },
      {},
    ],
    ['the container denies what nobody says', { securityContext: { runAsNonRoot: false } }, {}, {}],
  ])('B39: runs as the user of the GPU container: %s', (_, container, spec, user) => {
    expect(userOf(gpuPod(container, spec))).toEqual({
      runAsUser: undefined,
      runAsGroup: undefined,
      runAsNonRoot: undefined,
      ...user,
    });
  });

  it.each<[string, ContainerLike, PodSpecLike, string]>([
    ['the user is known', { securityContext: { runAsUser: 0 } }, { securityContext: { fsGroup: 5 } }, '0600'],
    ['the pod knows the user', {}, { securityContext: { runAsUser: 1000 } }, '0600'],
    ['there is a group for files', {}, { securityContext: { fsGroup: 0 } }, '0660'],
    ['nothing is known', { securityContext: { runAsNonRoot: true } }, {}, '0666'],
  ])('B40: the mode of the token files where %s', (_, container, spec, mode) => {
    expect(modeOf(gpuPod(container, spec))).toBe(`--mode=${mode}`);
  });

  it('B39: containers of different users get one step each, and the first copies the package', () => {
    const as = (name: string, runAsUser?: number): ContainerLike =>
      gpuContainer({ name, ...(runAsUser !== undefined && { securityContext: { runAsUser } }) });
    const pod = podOf([as('a', 1), as('b', 2), as('c', 1), as('d'), as('e', 2)]);
    expect(
      stepsOf(pod).map(({ name, args, securityContext }) => [name, args, securityContext?.runAsUser]),
    ).toEqual([
      ['bwki-populate', [packageArgument, gpuMemory, '--mode=0600', '--container=a', '--container=c'], 1],
      ['bwki-populate-2', ['--mode=0600', '--container=b', '--container=e'], 2],
      ['bwki-populate-3', ['--mode=0666', '--container=d'], undefined],
    ]);
  });

  it('B39: containers of one user but different groups are of different users', () => {
    const as = (name: string, runAsGroup: number): ContainerLike =>
      gpuContainer({ name, securityContext: { runAsUser: 1, runAsGroup } });
    expect(stepsOf(podOf([as('a', 1), as('b', 2), as('c', 1)])).map(({ args }) => args?.at(-1))).toEqual([
      '--container=c',
      '--container=b',
    ]);
  });

  it.each<[string, PodSpecLike, string]>([
    [
      'that mounts another volume, among the init containers',
      {
        initContainers: [
          { name: 'bwki-populate', volumeMounts: [{ name: 'bwki-token', mountPath: '/anywhere' }] },
        ],
      },
      'initContainers[0]',
    ],
    ['among the containers', { containers: [gpuContainer(), { name: 'bwki-populate' }] }, 'containers[1]'],
    [
      'that mounts our volume, among the containers',
      {
        containers: [
          gpuContainer(),
          { name: 'bwki-populate-2', volumeMounts: [{ name: 'bwki-client', mountPath: '/x' }] },
        ],
      },
      'containers[1]',
    ],
    ['among the init containers', { initContainers: [{ name: 'bwki-populate-12' }] }, 'initContainers[0]'],
  ])('B42: a foreign container of its name is an error: %s', (_, spec, place) => {
    expect(faultsOf(gpuPod({}, spec))).toEqual([`MUTATION_CONTAINER_NAME_TAKEN spec.${place}.name`]);
  });

  it.each(['bwki-populate-x', 'bwki-populated', 'bwki-populate-', 'my-bwki-populate'])(
    'B42: %s is none of our names',
    (name) => {
      expect(faultsOf(gpuPod({}, { initContainers: [{ name }] }))).toEqual([]);
    },
  );

  it('B44: a further step takes a name that is free', () => {
    const pod = mutated(gpuPod()).mutatedPod();
    const [step] = pod.spec?.initContainers ?? [];
    const initContainers = [{ ...step, name: 'bwki-populate-2' }];
    const added = gpuContainer({ name: 'added', securityContext: { runAsUser: 5 } });
    const containers = [...(pod.spec?.containers ?? []), added];
    expect(
      stepsOf({ ...pod, spec: { ...pod.spec, initContainers, containers } }).map(({ name }) => name),
    ).toEqual(['bwki-populate-2', 'bwki-populate']);
    const third = [
      { ...step, name: 'bwki-populate' },
      { ...step, name: 'bwki-populate-3' },
    ];
    expect(
      stepsOf({ ...pod, spec: { ...pod.spec, initContainers: third, containers } }).map(({ name }) => name),
    ).toEqual(['bwki-populate', 'bwki-populate-3', 'bwki-populate-4']);
  });
});
