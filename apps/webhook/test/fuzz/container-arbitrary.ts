import fc from 'fast-check';

import { anyText } from './json-arbitrary.ts';

/** Stands where a user's secrets may stand; no log line may have it. */
export const secretMark = 's3cret';

/** How far a pod strays: `sound` ones are mutated, `odd` ones have a fault here and there. */
export type Soundness = 'sound' | 'odd';

/** `JSON.stringify` leaves out what is undefined. */
export function maybe<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(value, { nil: undefined });
}

export function usually<T>(
  soundness: Soundness,
  usual: fc.Arbitrary<T>,
  odd: fc.Arbitrary<T>,
): fc.Arbitrary<T> {
  if (soundness === 'sound') return usual;
  return fc.oneof({ arbitrary: usual, weight: 6 }, { arbitrary: odd, weight: 1 });
}

const usualLimits: fc.Arbitrary<Record<string, unknown>> = fc.constantFrom(
  { 'bitfusion.io/gpu-amount': '1' },
  { 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu-percent': '50' },
  { 'bitfusion.io/gpu-num': 1, 'bitfusion.io/gpu-percent': 7 },
  { 'bitfusion.io/gpu-amount': 2, 'bitfusion.io/gpu-memory': '8000M', cpu: '2' },
  { cpu: '1' },
);

const quantity = fc.oneof(
  fc.constantFrom<unknown>('1', '2', '50', '100', 1, 25),
  fc.constantFrom<unknown>('0', '-1', '1.5', '101', '8000M', '8Gi', '1e3', '0.1n', '16001M', ' 1', '', null),
  fc.constantFrom<unknown>('9223372036854775808', '9'.repeat(70), `1e${'9'.repeat(70)}`, '١', 0.5, -0, 1e21),
  anyText,
  fc.double(),
);
const resourceName = fc.constantFrom(
  ...['gpu-amount', 'gpu-percent', 'gpu-memory', 'gpu-num', 'gpu', 'gpu-cores'].map(
    (name) => `bitfusion.io/${name}`,
  ),
  ...['nvidia.com/gpu', 'cpu', 'memory', '__proto__', 'constructor'],
);
const oddList: fc.Arbitrary<Record<string, unknown>> = fc.dictionary(resourceName, quantity, { maxKeys: 4 });

const oddWord = fc.oneof(
  fc.constantFrom('bitfusion', 'run', '$(', '$(A', '-n', '/usr/local/bin/bitfusion', ''),
  anyText,
);
const shellPart = fc.constantFrom(
  ...[
    'bitfusion',
    'run',
    '-n',
    '2',
    '-p',
    '0.5',
    '-m',
    '"',
    "'",
    '$(',
    ')',
    '`',
    '\\',
    ';',
    '&&',
    '||',
    '<<E',
  ],
  ...[
    '\n',
    '#',
    '{',
    '}',
    '(',
    'if',
    'then',
    'fi',
    'do',
    'esac',
    'eval',
    'sh -c',
    '|',
    '$A',
    '${A:-',
    secretMark,
  ],
);
const oddText = fc.oneof(
  fc.array(shellPart, { maxLength: 14 }).map((parts) => parts.join(' ')),
  anyText.map((text) => `bitfusion ${text}`),
);
const usualText = fc.constantFrom('python train.py && echo', 'python x | tee log', "echo 'a b' $HOME");

function commandOf(soundness: Soundness): fc.Arbitrary<readonly string[] | undefined> {
  const word = usually(
    soundness,
    fc.constantFrom('python', 'train.py', '$(HOME)', '$$', '--', secretMark),
    oddWord,
  );
  const text = usually(soundness, usualText, oddText);
  const usual = fc.oneof(
    fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => ['python', ...words]),
    text.map((line) => [line]),
    text.map((line) => ['/bin/sh', '-c', line]),
    text.map((line) => ['bash', '-ec', line, secretMark]),
  );
  return usually<readonly string[] | undefined>(soundness, usual, fc.constantFrom(undefined, [], ['']));
}

function environmentOf(soundness: Soundness): fc.Arbitrary<readonly object[]> {
  const names = fc.constantFrom('A', 'HOME', 'LD_LIBRARY_PATH');
  const variable = fc.record({
    name: usually(soundness, names, fc.constantFrom('BITFUSION_GPU_AMOUNT', 'BITFUSION_FILTERS', '', '=')),
    value: maybe(fc.constantFrom(secretMark, '', '$(A)', '/usr/lib')),
    valueFrom: maybe(fc.constant({ fieldRef: { fieldPath: 'metadata.name' } })),
  });
  return fc.array(variable, { maxLength: 3 });
}

function mountsOf(soundness: Soundness): fc.Arbitrary<readonly object[]> {
  const oddPath = fc.constantFrom(
    '/bitfusion',
    '/opt/bitfusion',
    '/etc/bitfusion/tls',
    '/',
    '/..',
    '',
    'rel',
    '/a//b',
  );
  const mount = fc.record({
    name: usually(soundness, fc.constant('data'), fc.constantFrom('bwki-bitfusion', '__proto__', '')),
    mountPath: usually(soundness, fc.constantFrom('/data', '/mnt/x', '/root/work'), oddPath),
    readOnly: maybe(fc.boolean()),
    subPath: maybe(fc.constant('x')),
  });
  return fc.array(mount, { maxLength: 3 });
}

export function securityContextOf(soundness: Soundness): fc.Arbitrary<object> {
  return fc.record({
    runAsUser: maybe(
      usually<unknown>(soundness, fc.constantFrom(0, 1000), fc.constantFrom(-1, 2 ** 53, '0')),
    ),
    runAsGroup: maybe(fc.constantFrom(0, 1000)),
    runAsNonRoot: maybe(fc.constant(false)),
    readOnlyRootFilesystem: maybe(fc.boolean()),
  });
}

/** @param names of a sound container */
export function containerOf(
  soundness: Soundness,
  names: readonly string[],
): fc.Arbitrary<{ readonly name: string }> {
  const none = fc.constant<Record<string, unknown> | undefined>(undefined);
  return fc.record({
    name: usually(
      soundness,
      fc.constantFrom(...names),
      fc.constantFrom('bwki-populate', 'Bad_Name', '', '__proto__'),
    ),
    image: maybe(fc.constantFrom('pytorch', 'registry.example/x@sha256:0', '')),
    command: commandOf(soundness),
    args: maybe(
      fc.array(usually(soundness, fc.constantFrom('--x', '$(A)', secretMark), oddWord), { maxLength: 3 }),
    ),
    env: maybe(environmentOf(soundness)),
    resources: fc.record({
      limits: usually(soundness, usualLimits, oddList),
      requests: usually(soundness, none, oddList),
    }),
    volumeMounts: maybe(mountsOf(soundness)),
    securityContext: maybe(securityContextOf(soundness)),
    restartPolicy: usually(soundness, fc.constant(undefined), fc.constantFrom('Always', 'Never')),
  });
}
