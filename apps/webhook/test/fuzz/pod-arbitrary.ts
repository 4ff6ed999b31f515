import fc from 'fast-check';

import {
  containerOf,
  maybe,
  secretMark,
  securityContextOf,
  usually,
  type Soundness,
} from './container-arbitrary.ts';
import { anyText } from './json-arbitrary.ts';

function annotationsOf(soundness: Soundness): fc.Arbitrary<object> {
  const mode = usually(
    soundness,
    fc.constantFrom('all', 'all', 'injection', 'yes', ' ALL '),
    fc.constantFrom('none', 'off', secretMark, '__proto__', undefined),
  );
  const client = fc.constantFrom(
    {},
    { 'bitfusion-client/os': 'ubuntu20' },
    { 'bitfusion-client/os': 'ubuntu20', 'bitfusion-client/version': '450' },
    { 'bitfusion-client/os': 'ubuntu20', 'bitfusion-client/version': 'preinstalled' },
  );
  const oddClient = fc.record({
    'bitfusion-client/os': fc.constantFrom('ubuntu16', 'centos7', secretMark, '__proto__'),
    'bitfusion-client/version': fc.constantFrom('250', '4.5', '401', secretMark),
  });
  const usual = fc.record({
    mode,
    client: usually<object>(soundness, client, oddClient),
    filter: maybe(usually(soundness, fc.constantFrom('server.hostname=gpu-a', 'a>=1 b!=c'), anyText)),
    home: maybe(
      usually(soundness, fc.constantFrom('/home/jovyan', '/root'), fc.constantFrom('rel', '/', '/..', '')),
    ),
    containers: usually(
      soundness,
      fc.constant(undefined),
      fc.constantFrom('main', 'main,sidecar', ',', secretMark),
    ),
    mirror: usually(soundness, fc.constant(undefined), fc.constant('x')),
  });
  return usual.map(({ mode: bitfusion, client: named, filter, home, containers, mirror }) => ({
    'auto-management/bitfusion': bitfusion,
    ...named,
    'bitfusion-client/filter': filter,
    'bitfusion-client/home': home,
    'bitfusion-client/containers': containers,
    'kubernetes.io/config.mirror': mirror,
  }));
}

function podOf(soundness: Soundness): fc.Arbitrary<object> {
  const byName = { selector: ({ name }: { readonly name: string }) => name };
  const volume = fc.record({
    name: usually(soundness, fc.constant('data'), fc.constantFrom('bwki-bitfusion', 'bwki-token', '')),
    emptyDir: fc.constant({}),
  });
  return fc.record({
    metadata: fc.record({
      name: maybe(fc.constant('train-0')),
      generateName: maybe(fc.constant('train-')),
      namespace: maybe(fc.constant('kube-system')),
      annotations: annotationsOf(soundness),
      labels: maybe(fc.dictionary(fc.constantFrom('app', '__proto__'), fc.constant('x'), { maxKeys: 2 })),
    }),
    spec: fc.record({
      containers: fc.uniqueArray(containerOf(soundness, ['main', 'train', 'sidecar']), {
        ...byName,
        maxLength: 3,
      }),
      initContainers: maybe(
        fc.uniqueArray(containerOf(soundness, ['setup', 'fetch']), { ...byName, maxLength: 2 }),
      ),
      volumes: maybe(fc.array(volume, { maxLength: 2 })),
      securityContext: maybe(securityContextOf(soundness)),
      imagePullSecrets: maybe(fc.constant([{ name: 'pull' }])),
      os: usually<object | undefined>(soundness, fc.constant(undefined), fc.constant({ name: 'windows' })),
    }),
  });
}

/** Pods of which half are sound, so that the checks behind the first ones are reached too. */
export const pod: fc.Arbitrary<object> = fc.oneof(podOf('sound'), podOf('odd'));
