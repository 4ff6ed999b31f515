import type { ContainerLike, PodLike, VolumeMountLike } from '@bwki/spec-parser';
import { describe, expect, it } from 'vitest';

import {
  faultsOf,
  gpuPod,
  injection,
  mutated,
  mutatedContainer,
  podOf,
  policyOf,
} from '../../test/gpu-pod.ts';

const preinstalled = { 'bitfusion-client/version': 'preinstalled' };

const launcher: VolumeMountLike = {
  name: 'bwki-client',
  mountPath: '/usr/local/bin/bitfusion',
  subPath: 'bin/bitfusion',
  readOnly: true,
};
const ownHome = { name: 'bwki-client', mountPath: '/root/.bitfusion', subPath: 'home-main' };

describe('what a GPU container mounts', () => {
  it.each([
    ['all', {}],
    ['injection', injection],
  ])('B36, B40: in mode %s the client where it looks for its files', (_, annotations) => {
    expect(mutatedContainer(gpuPod({}, {}, annotations)).volumeMounts).toEqual([
      { name: 'bwki-client', mountPath: '/bitfusion', subPath: 'bitfusion', readOnly: true },
      { name: 'bwki-client', mountPath: '/opt/bitfusion', subPath: 'opt', readOnly: true },
      launcher,
      { name: 'bwki-token', mountPath: '/etc/bitfusion', subPath: 'etc', readOnly: true },
      ownHome,
    ]);
  });

  it('B36: the wrap calls the launcher by its path', () => {
    expect(mutatedContainer(gpuPod()).command?.[0]).toBe(launcher.mountPath);
  });

  it('B4: the home of the annotation', () => {
    const mounts = mutatedContainer(
      gpuPod({}, {}, { 'bitfusion-client/home': '/home//jovyan/' }),
    ).volumeMounts;
    expect(mounts?.at(-1)?.mountPath).toBe('/home/jovyan/.bitfusion');
  });

  it('B40: each container a home of its own; one that asks for nothing sees none of it', () => {
    const pod = podOf(
      [
        ...(gpuPod().spec?.containers ?? []),
        ...(gpuPod({ name: 'second' }).spec?.containers ?? []),
        { name: 'log' },
      ],
      { initContainers: gpuPod({ name: 'warm-up' }).spec?.containers ?? [] },
    );
    const { spec } = mutated(pod).mutatedPod();
    const homes = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map((container) =>
      container.volumeMounts?.flatMap(({ subPath }) => (subPath?.startsWith('home-') ? [subPath] : [])),
    );
    expect(homes).toEqual([[], ['home-warm-up'], ['home-main'], ['home-second'], undefined]);
  });

  it('B41: a preinstalled client gets its token, file by file, and its home, and nothing else', () => {
    const { command, volumeMounts, env } = mutatedContainer(
      gpuPod({}, {}, preinstalled),
      policyOf({ libraryPath: 'env' }),
    );
    expect(volumeMounts).toEqual([
      {
        name: 'bwki-token',
        mountPath: '/etc/bitfusion/tls/ca.crt',
        subPath: 'etc/tls/ca.crt',
        readOnly: true,
      },
      {
        name: 'bwki-token',
        mountPath: '/etc/bitfusion/servers.conf',
        subPath: 'etc/servers.conf',
        readOnly: true,
      },
      ownHome,
    ]);
    expect(command?.[0]).toBe('/usr/bin/bitfusion');
    expect(env?.map(({ name }) => name)).toEqual(['BITFUSION_GPU_AMOUNT', 'BITFUSION_GPU_PARTIAL']);
  });

  it('B4a: a container that was only named gets the same', () => {
    const annotations = { ...injection, 'bitfusion-client/containers': 'helper' };
    const pod = { metadata: { annotations }, spec: { containers: [{ name: 'helper' }] } };
    expect(mutatedContainer(pod).volumeMounts).toHaveLength(5);
  });
});

describe('mounts of the user', () => {
  const mount = (mountPath: string, more: object = {}): ContainerLike => ({
    volumeMounts: [
      { name: 'code', mountPath: '/code' },
      { name: 'data', mountPath, ...more },
    ],
  });

  it.each([
    '/bitfusion',
    '/bitfusion/',
    '//bitfusion',
    '/opt/./bitfusion',
    '/opt/x/../bitfusion',
    'etc/bitfusion',
    '/usr/local/bin/bitfusion',
    '/root/.bitfusion',
  ])('B42: at %s are an error, since paths compare normalised', (path) => {
    expect(faultsOf(gpuPod(mount(path)))).toEqual([
      'MUTATION_MOUNT_PATH_TAKEN spec.containers[0].volumeMounts[1].mountPath',
    ]);
  });

  it('B42: another part of our own volume there is an error too', () => {
    expect(faultsOf(gpuPod(mount('/bitfusion', { name: 'bwki-client', subPath: 'x' })))).toEqual([
      'MUTATION_MOUNT_PATH_TAKEN spec.containers[0].volumeMounts[1].mountPath',
    ]);
  });

  it('B42: a volume of the user there is an error, though the part of it has the same name', () => {
    expect(faultsOf(gpuPod(mount('/bitfusion', { subPath: 'bitfusion' })))).toHaveLength(1);
  });

  it.each(['/', '/root', '/opt', '/usr/local', '/etc', '/bitfusion-data', '/root/.bitfusionx', '/home'])(
    'B42: at %s, above or beside ours, are fine',
    (path) => {
      expect(faultsOf(gpuPod(mount(path)))).toEqual([]);
    },
  );

  it.each(['/bitfusion/data', '/etc/bitfusion/tls', '/opt/bitfusion/x/'])(
    'B42: at %s, below what is mounted read-only, are an error',
    (path) => {
      expect(faultsOf(gpuPod(mount(path)))).toEqual([
        'MUTATION_MOUNT_BELOW_READ_ONLY spec.containers[0].volumeMounts[1].mountPath',
      ]);
    },
  );

  it('B42: below the home, which is writable, are fine', () => {
    expect(faultsOf(gpuPod(mount('/root/.bitfusion/cache')))).toEqual([]);
  });

  it('B41, B42: a preinstalled client leaves the other paths free', () => {
    expect(faultsOf(gpuPod(mount('/opt/bitfusion'), {}, preinstalled))).toEqual([]);
    expect(faultsOf(gpuPod(mount('/etc/bitfusion/servers.conf'), {}, preinstalled))).toHaveLength(1);
  });

  it.each([
    ['/etc/bitfusion', 1],
    ['/opt/bitfusion/home', 1],
    ['/bitfusion', 1],
    ['/usr/local/bin/bitfusion', 1],
    ['/opt', 0],
    ['/home/bitfusion', 0],
  ])('B4, B42: a home at %s, inside what is mounted read-only: %i errors', (home, count) => {
    expect(faultsOf(gpuPod({}, {}, { 'bitfusion-client/home': home }))).toEqual(
      Array(count).fill('MUTATION_HOME_READ_ONLY metadata.annotations[bitfusion-client/home]'),
    );
  });
});

describe('volumes', () => {
  const tokenItems = [
    { key: 'ca.crt', path: 'etc/tls/ca.crt' },
    { key: 'servers.conf', path: 'etc/servers.conf' },
    { key: 'client.yaml', path: 'client.yaml' },
  ];
  const tokenOf = (items: readonly object[]): object => ({
    name: 'bwki-token',
    projected: { sources: [{ secret: { name: 'bitfusion-secret', items } }] },
  });
  const token = (name: string): object => ({
    name: 'bwki-token',
    projected: { sources: [{ secret: { name } }] },
  });

  it('B39, B40: one emptyDir and one projected token volume behind the others', () => {
    const volumes = [{ name: 'bitfusion', emptyDir: {} }];
    expect(mutated(gpuPod({}, { volumes })).mutatedPod().spec?.volumes).toEqual([
      ...volumes,
      { name: 'bwki-client', emptyDir: {} },
      {
        name: 'bwki-token',
        projected: {
          sources: [
            {
              secret: {
                name: 'bitfusion-secret',
                items: [
                  { key: 'ca.crt', path: 'etc/tls/ca.crt' },
                  { key: 'servers.conf', path: 'etc/servers.conf' },
                  { key: 'client.yaml', path: 'client.yaml' },
                ],
              },
            },
          ],
        },
      },
    ]);
  });

  it('B52: the three secrets of the original are one volume', () => {
    const policy = policyOf({ tokenSecrets: { 'ca.crt': 'a', 'client.yaml': 'b', 'servers.conf': 'c' } });
    expect(mutated(gpuPod(), policy).mutatedPod().spec?.volumes?.[1]?.projected?.sources).toEqual([
      { secret: { name: 'a', items: [{ key: 'ca.crt', path: 'etc/tls/ca.crt' }] } },
      { secret: { name: 'c', items: [{ key: 'servers.conf', path: 'etc/servers.conf' }] } },
      { secret: { name: 'b', items: [{ key: 'client.yaml', path: 'client.yaml' }] } },
    ]);
  });

  it.each<[string, object[], number[]]>([
    ['bwki-client of another kind', [{ name: 'bwki-client', hostPath: { path: '/' } }], [0]],
    [
      'bwki-client of the same kind, in a pod that is not mutated',
      [{ name: 'bwki-client', emptyDir: {} }],
      [0],
    ],
    ['bwki-token of another secret', [{ name: 'x' }, token('mine')], [1]],
    ['both', [token('bitfusion-secret'), { name: 'bwki-client' }], [0, 1]],
    ['a name that only begins like ours', [{ name: 'bwki-client-2' }], []],
  ])('B42: a foreign volume is an error: %s', (_, volumes, indexes) => {
    expect(faultsOf(gpuPod({}, { volumes: volumes }))).toEqual(
      indexes.map((index) => `MUTATION_VOLUME_TAKEN spec.volumes[${index}].name`),
    );
  });

  it.each<[string, unknown]>([
    ['no source', { name: 'bwki-token' }],
    ['another source', { name: 'bwki-token', projected: { sources: [{ serviceAccountToken: {} }] } }],
    ['a source too many', 'extra'],
    ['a source of another secret', token('mine')],
    [
      'other items',
      { name: 'bwki-token', projected: { sources: [{ secret: { name: 'bitfusion-secret', items: [] } }] } },
    ],
    ['a key of another path', tokenOf([{ key: 'ca.crt', path: 'ca.crt' }, ...tokenItems.slice(1)])],
    ['a path of another key', tokenOf([...tokenItems.slice(0, 2), { key: 'token', path: 'client.yaml' }])],
    ['one key less', tokenOf(tokenItems.slice(1))],
    ['a wrong shape', { name: 'bwki-token', projected: { sources: [{ secret: 'x' }] } }],
    ['another wrong shape', { name: 'bwki-token', projected: { sources: 'x' } }],
  ])('B42, B44: in a mutated pod a token volume with %s is foreign', (_, broken) => {
    const pod = mutated(gpuPod()).mutatedPod();
    const [client, ours] = pod.spec?.volumes ?? [];
    const sources = [...(ours?.projected?.sources ?? []), {}];
    const volume = broken === 'extra' ? { name: 'bwki-token', projected: { sources } } : broken;
    const volumes = [client, volume] as { name: string }[];
    expect(faultsOf({ ...pod, spec: { ...pod.spec, volumes } })).toEqual([
      'MUTATION_VOLUME_TAKEN spec.volumes[1].name',
    ]);
  });

  it('B42, B44: each of three secrets has to be there', () => {
    const policy = policyOf({ tokenSecrets: { 'ca.crt': 'a', 'client.yaml': 'b', 'servers.conf': 'c' } });
    const pod = mutated(gpuPod(), policy).mutatedPod();
    const [client, ours] = pod.spec?.volumes ?? [];
    const [first, ...rest] = ours?.projected?.sources ?? [];
    const withSources = (sources: unknown): PodLike => ({
      ...pod,
      spec: {
        ...pod.spec,
        volumes: [client, { name: 'bwki-token', projected: { sources } }] as { name: string }[],
      },
    });
    expect(faultsOf(withSources([...rest, first]), policy)).toEqual([]);
    expect(faultsOf(withSources([first, first, ...rest.slice(1)]), policy)).toHaveLength(1);
    expect(faultsOf(withSources([{ secret: { name: 'x' } }, ...rest]), policy)).toHaveLength(1);
  });

  it.each<[string, unknown]>([
    ['hostPath', { name: 'bwki-client', hostPath: { path: '/' } }],
    ['null', { name: 'bwki-client', emptyDir: null }],
  ])('B42, B44: in a mutated pod a client volume of %s is foreign', (_, volume) => {
    const pod = mutated(gpuPod()).mutatedPod();
    const volumes = [volume, ...(pod.spec?.volumes?.slice(1) ?? [])] as { name: string }[];
    expect(faultsOf({ ...pod, spec: { ...pod.spec, volumes } })).toHaveLength(1);
  });
});
