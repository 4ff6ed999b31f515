import fc from 'fast-check';

import { gpuContainer, gpuPod, reviewOf } from '../review.ts';
import { secretMark } from './container-arbitrary.ts';

/** What is long in a pod: `fill` makes it of a part that is said again and again, `times` over. */
interface Growth {
  readonly part: string;
  readonly fill: (part: string, times: number) => object;
}

const list = <T>(times: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: times }, (_, index) => make(index));
const withContainer = (more: object): object => gpuPod('all', { ...gpuContainer, ...more });
const annotated = (key: string, value: string): object => {
  const { metadata, ...pod } = gpuPod();
  return { ...pod, metadata: { ...metadata, annotations: { ...metadata?.annotations, [key]: value } } };
};
const faulty = { limits: { 'bitfusion.io/gpu-amount': '-1', 'bitfusion.io/gpu-percent': '0' } };

export const growths: readonly Growth[] = [
  ...[
    'python x; ',
    '(',
    '$(',
    '`',
    '"',
    "'",
    '{ ',
    '<<E\n',
    '\\',
    'if ',
    '$((',
    '${a:-',
    'bitfusion run -n 1 ',
    '|',
    '\n',
  ].map((part): Growth => ({
    part,
    fill: (text, times) => withContainer({ command: [text.repeat(times)] }),
  })),
  { part: 'word', fill: (part, times) => withContainer({ command: list(times, () => part) }) },
  { part: '$(A)', fill: (part, times) => withContainer({ args: list(times, () => part) }) },
  {
    part: secretMark,
    fill: (value, times) => withContainer({ env: list(times, (index) => ({ name: `E${index}`, value })) }),
  },
  {
    part: '/data/',
    fill: (part, times) =>
      withContainer({
        volumeMounts: list(times, (index) => ({ name: `v${index}`, mountPath: `${part}${index}` })),
      }),
  },
  { part: 'a=b ', fill: (part, times) => annotated('bitfusion-client/filter', part.repeat(times)) },
  { part: '"', fill: (part, times) => annotated('bitfusion-client/filter', part.repeat(times)) },
  { part: 'main,', fill: (part, times) => annotated('bitfusion-client/containers', part.repeat(times)) },
  { part: '/a', fill: (part, times) => annotated('bitfusion-client/home', part.repeat(times)) },
  {
    part: '9',
    fill: (part, times) =>
      withContainer({ resources: { limits: { 'bitfusion.io/gpu-amount': part.repeat(times) } } }),
  },
  {
    part: 'c',
    fill: (part, times) => ({
      ...gpuPod(),
      spec: { containers: list(times, (index) => ({ ...gpuContainer, name: `${part}${index}` })) },
    }),
  },
  {
    part: 'c',
    fill: (part, times) => ({
      ...gpuPod(),
      spec: { containers: list(times, () => ({ ...gpuContainer, name: part, resources: faulty })) },
    }),
  },
  {
    part: 'x',
    fill: (name, times) => ({
      ...gpuPod(),
      spec: { containers: [gpuContainer], volumes: list(times, () => ({ name, emptyDir: {} })) },
    }),
  },
];

/** A review in which one thing is long: so many bytes, or a few less. */
export function longReview({ part, fill }: Growth, bytes: number): string {
  const textOf = (times: number): string => JSON.stringify(reviewOf(fill(part, times)));
  const few = textOf(10).length;
  // Numbers in names get longer, so that the mean of many is a little less than each of the last.
  const each = (textOf(20_010).length - few) / 20_000 + 1;
  return textOf(Math.max(1, Math.floor((bytes - few) / each)));
}

const maxBytes = 1024 * 1024;

/** Reviews of up to 1 MiB. */
export const largeReviewText: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...growths), fc.integer({ min: maxBytes / 8, max: maxBytes }))
  .map(([growth, bytes]) => longReview(growth, bytes));
