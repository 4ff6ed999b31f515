import type {
  ContainerLike,
  EnvVarLike,
  PodLike,
  PodSpecLike,
  ResourceRequirementsLike,
  VolumeMountLike,
} from '@bwki/spec-parser';
import fc from 'fast-check';

import type { PolicyConfig } from '../src/index.ts';

/** Any of these, or nothing, so that every part of a pod is there in some runs and missing in others. */
function maybe<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(arbitrary, { nil: undefined });
}

/** An object without the fields that are undefined, as JSON has it. */
function record<T extends object>(fields: {
  [K in keyof T]: fc.Arbitrary<T[K] | undefined>;
}): fc.Arbitrary<T> {
  return fc
    .record(fields as Record<string, fc.Arbitrary<unknown>>)
    .map(
      (value) => Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T,
    );
}

/** Words with everything that a shell, JSON or Kubernetes might trip over. */
export const word: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    'python',
    '-x',
    '--',
    '$(A)',
    '$$(A)',
    '$$',
    '$(',
    '"$@"',
    "it's",
    '*',
    '',
    ' ',
    '~/x',
    'a/b',
    '\\',
  ),
  fc.string({ unit: fc.constantFrom(...Array.from('$()A\'"\\ \n\t`{}&;é😀')) }),
  fc.string({ unit: 'binary' }),
);

const shellText = fc.constantFrom(
  'python train.py',
  'cd /x && python train.py ',
  'a b\n',
  'python -c "print(1)" # comment',
  'a | b &',
  'bitfusion health && python x',
  'bitfusion run -n 1 -p 0.01 -- python x',
  'exec bitfusion run -n $BITFUSION_GPU_AMOUNT -- x',
);

const command = fc.oneof(
  { weight: 4, arbitrary: fc.array(word, { minLength: 2, maxLength: 5 }) },
  { weight: 2, arbitrary: shellText.map((text) => [text]) },
  { weight: 1, arbitrary: shellText.map((text) => ['/bin/sh', '-c', text]) },
  { weight: 1, arbitrary: fc.constantFrom(['python'], ['bitfusion', 'list_gpus'], []) },
);

const source = fc.constantFrom(
  { fieldRef: { fieldPath: 'metadata.name' } },
  { secretKeyRef: { name: 's', key: 'k' } },
);

const env: fc.Arbitrary<EnvVarLike[]> = fc.array(
  fc
    .tuple(
      fc.constantFrom(
        'A',
        'B',
        'LD_LIBRARY_PATH',
        'LD_LIBRARY_PATH',
        'PATH',
        'NUM_GPUS',
        'BITFUSION_SERVERS',
      ),
      fc.oneof(
        word.map((value) => ({ value })),
        source.map((valueFrom) => ({ valueFrom })),
        fc.constantFrom({}, { value: '' }),
      ),
    )
    .map(([name, rest]) => ({ name, ...rest })),
  { maxLength: 4 },
);

const volumeMounts: fc.Arbitrary<VolumeMountLike[]> = fc.uniqueArray(
  record<VolumeMountLike>({
    name: fc.constantFrom('data', 'bitfusion'),
    mountPath: fc.constantFrom(
      '/data',
      '/root',
      '/opt/',
      '/root/.bitfusion/cache',
      '/home/jovyan',
      '/etc//ssl',
      '/bitfusions',
    ),
    subPath: maybe(fc.constantFrom('x', 'home-c0', 'home-i0')),
  }),
  { maxLength: 3, selector: ({ mountPath }) => mountPath },
);

const user = {
  runAsUser: maybe(fc.constantFrom(0, 1000, 2000)),
  runAsGroup: maybe(fc.constantFrom(0, 100)),
  runAsNonRoot: maybe(fc.boolean()),
};

const size = fc.constantFrom('1', '250m', '2', '1.5', '1Gi', '500M', '0', '1e3');
const compute = record<Readonly<Record<string, string>>>({
  cpu: maybe(size),
  memory: maybe(size),
  'ephemeral-storage': maybe(size),
  'example.com/nic': maybe(fc.constant('1')),
});

/** No request above its limit: Kubernetes refuses that, and the order of amounts is not what is tried here. */
const computeResources: fc.Arbitrary<ResourceRequirementsLike> = fc.oneof(
  fc.constant({}),
  compute.map((requests) => ({ requests })),
  compute.map((limits) => ({ limits })),
  compute.map((amounts) => ({ limits: amounts, requests: amounts })),
  compute.map((limits) => ({
    limits,
    requests: Object.fromEntries(Object.keys(limits).map((name) => [name, '0'])),
  })),
);

const share = fc.oneof(
  fc.constant({}),
  fc.integer({ min: 1, max: 100 }).map((percent) => ({ 'bitfusion.io/gpu-percent': percent })),
  fc
    .constantFrom('1', '1120M', '8000M', '4Gi', 16_000_000_000, '1.5G')
    .map((memory) => ({ 'bitfusion.io/gpu-memory': memory })),
);

const gpu = fc
  .tuple(
    fc.constantFrom('bitfusion.io/gpu-amount', 'bitfusion.io/gpu-num'),
    fc.integer({ min: 1, max: 9 }),
    share,
  )
  .map(([name, amount, part]) => ({ [name]: amount, ...part }));

/** Fields that nothing here knows. */
const others = fc.constantFrom<Record<string, unknown>>(
  {},
  { livenessProbe: { exec: { command: ['true'] } }, ports: [{ containerPort: 80 }], tty: true },
  { lifecycle: { preStop: { exec: { command: ['sh', '-c', 'sleep 1'] } } }, workingDir: '/a~b/c' },
);

function container(name: string, asks: boolean, isInit: boolean): fc.Arbitrary<ContainerLike> {
  return fc
    .record({
      own: record<ContainerLike>({
        image: fc.constant('registry.example/x:1'),
        command: asks ? command : maybe(command),
        args: maybe(fc.array(word, { maxLength: 3 })),
        env: maybe(env),
        volumeMounts: maybe(volumeMounts),
        securityContext: maybe(record(user)),
        restartPolicy: isInit ? maybe(fc.constant('Always')) : fc.constant(undefined),
      }),
      resources: computeResources,
      gpu,
      both: fc.boolean(),
      others,
    })
    .map(({ own, resources, gpu: asked, both, others: rest }) => {
      const limits = { ...resources.limits, ...(asks && asked) };
      const requests = { ...resources.requests, ...(asks && both && asked) };
      const lists = Object.entries({ limits, requests }).filter(([, list]) => Object.keys(list).length > 0);
      return {
        ...rest,
        name,
        ...own,
        ...(lists.length > 0 && { resources: Object.fromEntries(lists) }),
      };
    });
}

/** Containers of names that begin with `prefix`. */
export function containers(
  prefix: string,
  minLength: number,
  isInit: boolean,
): fc.Arbitrary<ContainerLike[]> {
  return fc
    .array(fc.boolean(), { minLength, maxLength: 3 })
    .chain((asks) =>
      fc.tuple(...asks.map((asking, index) => container(`${prefix}${index}`, asking, isInit))),
    );
}

const annotations = fc
  .record({
    'auto-management/bitfusion': fc.constantFrom('all', 'all', 'injection', 'yes'),
    'bitfusion-client/home': maybe(fc.constantFrom('/home/jovyan', '/srv//')),
    'bitfusion-client/version': maybe(fc.constantFrom('450', '401', 'preinstalled')),
    'bitfusion-client/filter': maybe(fc.constant('device.index=0 server.x!=y')),
    'bitfusion-client/containers': fc.option(fc.constantFrom('c0', 'c1', 'i0', 'c0,i0'), {
      nil: undefined,
      freq: 2,
    }),
    'auto-management/status': maybe(fc.constant('injected')),
    'a/b~c': maybe(word),
  })
  .map(
    (values) =>
      Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Record<
        string,
        string
      >,
  );

/** Pods that the API server could send: some ask for GPUs and some do not, and a few of what they ask is refused. */
export const gpuPods: fc.Arbitrary<PodLike> = fc
  .record({
    metadata: record({
      name: maybe(fc.constant('train')),
      labels: maybe(fc.constant({ app: 'x' })),
      annotations,
    }),
    spec: record<PodSpecLike & Record<string, unknown>>({
      initContainers: maybe(containers('i', 0, true)),
      containers: containers('c', 1, false),
      volumes: maybe(
        fc.constantFrom(
          [],
          [
            { name: 'data', hostPath: { path: '/d' } },
            { name: 'bitfusion', emptyDir: {} },
          ],
        ),
      ),
      imagePullSecrets: maybe(fc.constantFrom([], [{ name: 'team' }])),
      securityContext: maybe(record({ ...user, fsGroup: maybe(fc.constantFrom(0, 100)) })),
      resources: fc.option(computeResources, { nil: undefined, freq: 8 }),
      tolerations: maybe(fc.constant([{ operator: 'Exists' }])),
    }),
  })
  .map((pod) => ({ apiVersion: 'v1', kind: 'Pod', ...pod }));

export const policyConfigs: fc.Arbitrary<PolicyConfig> = fc.record({
  totalGpuMemory: fc.constant(16000),
  libraryPath: fc.constantFrom('launcher', 'env'),
  memoryFlagUnit: fc.constantFrom('MiB', 'MB'),
  imagePullSecrets: fc.constantFrom([], ['team', 'client']),
  tokenSecrets: fc.constantFrom('bitfusion-secret', {
    'ca.crt': 'a',
    'client.yaml': 'b',
    'servers.conf': 'c',
  }),
});

/** A pod in which one value, anywhere, was replaced by another that need not fit. */
export const brokenPods: fc.Arbitrary<unknown> = fc
  .tuple(gpuPods, fc.array(fc.nat(), { minLength: 1, maxLength: 7 }), fc.jsonValue({ maxDepth: 2 }))
  .map(([pod, steps, value]) => withValueAt(pod, steps, value));

/** Each step chooses one of an object's fields or an array's elements. */
function withValueAt(target: unknown, [step = 0, ...rest]: readonly number[], value: unknown): unknown {
  if (typeof target !== 'object' || target === null || Object.keys(target).length === 0) return value;
  const keys = Object.keys(target);
  const key = keys[step % keys.length] ?? '';
  const child = (target as Record<string, unknown>)[key];
  const changed = rest.length === 0 ? value : withValueAt(child, rest, value);
  return Array.isArray(target)
    ? target.map((element: unknown, index) => (String(index) === key ? changed : element))
    : { ...target, [key]: changed };
}
