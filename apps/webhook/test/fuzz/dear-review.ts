import fc from 'fast-check';

import { gpuContainer, gpuPod, reviewOf } from '../review.ts';

/** Where a long text, or many of them, can stand in a pod: each gives the pod for `times` parts. */
type Place = (part: string, times: number) => object;

const list = <T>(times: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: times }, (_, index) => make(index));

function annotated(annotations: Readonly<Record<string, string>>, container: object = gpuContainer): object {
  return {
    metadata: { name: 'train-0', annotations: { 'auto-management/bitfusion': 'injection', ...annotations } },
    spec: { containers: [container] },
  };
}

const withGpu =
  (mode: string, more: (part: string, times: number) => object): Place =>
  (part, times) =>
    gpuPod(mode, { ...gpuContainer, ...more(part, times) });
const onlyNamed =
  (more: (part: string, times: number) => object): Place =>
  (part, times) =>
    annotated(
      { 'bitfusion-client/containers': 'train' },
      { name: 'train', image: 'x', ...more(part, times) },
    );
const annotation =
  (key: string): Place =>
  (part, times) =>
    annotated({ [key]: part.repeat(times) });

/** As long as a text may be that is read, so that what follows it costs most. */
const readText = (part: string): string =>
  `bitfusion x;${part.repeat(Math.ceil(8000 / part.length)).slice(0, 8000)}`;

const places: Readonly<Record<string, Place>> = {
  'text of a shell': withGpu('injection', (part, times) => ({
    command: ['bash', '-c', `'' bitfusion ${part.repeat(times)}`],
  })),
  'text at the limit': withGpu('injection', (part, times) => ({
    command: ['bash', '-c', readText(part), 'bash', ...list(times, () => part)],
  })),
  'text before arguments': withGpu('all', (part, times) => ({ command: [part.repeat(times)], args: ['x'] })),
  'text of a container that is only named': onlyNamed((part, times) => ({
    command: ['sh', '-c', `bitfusion ${part.repeat(times)}`],
  })),
  'words of the client': onlyNamed((part, times) => ({
    command: ['bitfusion', 'run', ...list(times, () => part)],
  })),
  'words before the client': withGpu('all', (part, times) => ({
    command: ['env', ...list(times, () => part), 'bitfusion', 'run', '-n', '9'],
  })),
  'arguments of an image': withGpu('all', (part, times) => ({
    command: undefined,
    args: list(times, () => part),
  })),
  'a flag': withGpu('all', (part, times) => ({
    command: ['bitfusion', 'run', '-n', part.repeat(times), '-m', part.repeat(times), 'x'],
  })),
  'values of variables': withGpu('all', (part, times) => ({
    env: list(times, (index) => ({ name: `E${index}`, value: part })),
  })),
  'names of variables': withGpu('all', (part, times) => ({
    env: list(times, () => ({ name: `BITFUSION_${part}`, value: '1' })),
  })),
  'a library path': withGpu('all', (part, times) => ({
    env: [{ name: 'LD_LIBRARY_PATH', value: part.repeat(times) }],
  })),
  'paths of mounts': withGpu('all', (part, times) => ({
    volumeMounts: list(times, (index) => ({ name: 'v', mountPath: `/${part}/${index}` })),
  })),
  'a path of a mount': withGpu('all', (part, times) => ({
    volumeMounts: [{ name: part.repeat(times), mountPath: part.repeat(times), subPath: part.repeat(times) }],
  })),
  'an amount': withGpu('all', (part, times) => ({
    resources: { limits: { 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu-memory': part.repeat(times) } },
  })),
  'names of resources': withGpu('all', (part, times) => ({
    resources: {
      limits: {
        ...Object.fromEntries(list(times, (index) => [`bitfusion.io/${part}${index}`, '1'] as const)),
        'bitfusion.io/gpu-amount': 1,
      },
    },
  })),
  'names of annotations': (part, times) =>
    annotated(Object.fromEntries(list(times, (index) => [`bitfusion-client/${part}${index}`, part]))),
  'names of other annotations': (part, times) =>
    annotated(Object.fromEntries(list(times, (index) => [`${part}${index}`, '']))),
  'containers that ask': (part, times) => ({
    ...gpuPod(),
    spec: { containers: list(times, (index) => ({ ...gpuContainer, name: `${part}${index}` })) },
  }),
  'containers that do not': (part, times) => ({
    ...gpuPod(),
    spec: { containers: [gpuContainer, ...list(times, (index) => ({ name: `c${index}`, args: [part] }))] },
  }),
  'containers that are named': (part, times) => ({
    metadata: {
      annotations: {
        'auto-management/bitfusion': 'injection',
        'bitfusion-client/containers': list(times, (index) => `c${index}`).join(','),
      },
    },
    spec: { containers: list(times, (index) => ({ name: `c${index}`, command: ['bitfusion', part] })) },
  }),
  'containers that were served': (part, times) => ({
    ...gpuPod(),
    spec: {
      containers: list(times, (index) => ({
        name: `c${index}`,
        command: ['bitfusion', 'run', '-n', part],
        volumeMounts: [{ name: 'bwki-client', mountPath: '/root/.bitfusion', subPath: `home-c${index}` }],
      })),
    },
  }),
  volumes: (part, times) => ({
    ...gpuPod(),
    spec: {
      containers: [gpuContainer],
      volumes: list(times, (index) => ({ name: `${part}${index}`, emptyDir: {} })),
    },
  }),
  ...Object.fromEntries(
    ['filter', 'containers', 'home', 'version'].map((key) => [
      `bitfusion-client/${key}`,
      annotation(`bitfusion-client/${key}`),
    ]),
  ),
  'the mode': annotation('auto-management/bitfusion'),
};

const tokens = [
  ...[
    'a',
    ' ',
    '\n',
    ';',
    '|',
    '&',
    '&&',
    '(',
    ')',
    '{ ',
    '}',
    '((',
    '))',
    '[[ ',
    ']]',
    '[',
    '$[',
    "'",
    '"',
    '`',
  ],
  ...[
    '\\',
    '$',
    '$(',
    '${',
    '$((',
    "$'",
    '<(',
    '<<E',
    '<<-"E"',
    'E\n',
    '<<<',
    '>',
    '#',
    '=',
    '~',
    '*',
    '?',
    '!',
    '@(',
  ],
  ...[
    'if ',
    'then ',
    'fi ',
    'for i in ',
    'do ',
    'done ',
    'case a in ',
    ';;',
    'esac ',
    'f() ',
    'coproc ',
    'time ',
  ],
  ...[
    'eval ',
    'bash -c ',
    'env ',
    'env -S ',
    'xargs ',
    'bitfusion ',
    'run ',
    '-n ',
    '1',
    '9',
    '-',
    '+',
    '.',
    'e',
    ',',
  ],
  ...[
    '/',
    '..',
    ':',
    '%',
    '\0',
    'é',
    '\uE000',
    '😀',
    '$(A)',
    '$$',
    '"$@" ',
    'c0,',
    '1Ki',
    '0x',
    '<=',
    'a=b ',
    '--filter ',
  ],
];

/** A place, the part that is repeated in it, and how many bytes the review is to have about. */
export interface DearReview {
  readonly place: string;
  readonly part: string;
  readonly bytes: number;
}

const kibibyte = 1024;

export const dearReview: fc.Arbitrary<DearReview> = fc.record({
  place: fc.constantFrom(...Object.keys(places)),
  part: fc.array(fc.constantFrom(...tokens), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')),
  bytes: fc.constantFrom(64 * kibibyte, 1024 * kibibyte, 3072 * kibibyte, 8000 * kibibyte),
});

/** The body of such a review: at most so many bytes, as near to them as repeating the part allows. */
export function bodyOf({ place, part, bytes }: DearReview): Buffer {
  const make = places[place];
  if (make === undefined) throw new Error(`no such place: ${place}`);
  const sizeOf = (times: number): number => Buffer.byteLength(JSON.stringify(reviewOf(make(part, times))));
  const few = sizeOf(100);
  // Numbers in names get longer, and a part may need escapes.
  const each = (sizeOf(10_100) - few) / 10_000 + 2;
  const times = Math.max(1, Math.floor((bytes - few) / each));
  return Buffer.from(JSON.stringify(reviewOf(make(part, times))));
}
