import { gpuContainer, gpuPod, reviewOf } from '../review.ts';

const bytes = 8 * 1024 * 1024 - 1024;

const repeated = (part: string, size = bytes): string => part.repeat(Math.floor(size / part.length));

function numbered(part: (text: string) => string, size = bytes): string {
  const parts: string[] = [];
  for (let length = 0, index = 0; length < size; index++) {
    const next = part(index.toString(36));
    length += parts.push(next) > 0 ? next.length : 0;
  }
  return parts.join('');
}

/** A review that has the text beside its request. */
const beside = (json: string): string =>
  JSON.stringify(reviewOf(gpuPod())).replace('"request"', () => `"beside":${json},"request"`);

const withCommand = (text: string): string =>
  JSON.stringify(reviewOf(gpuPod('all', { ...gpuContainer, command: [text] })));
const withShell = (text: string): string =>
  JSON.stringify(reviewOf(gpuPod('all', { ...gpuContainer, command: ['sh', '-c', text] })));

function withAnnotations(
  annotations: Readonly<Record<string, string>>,
  container: object = gpuContainer,
): string {
  const pod = gpuPod('all', container);
  return JSON.stringify(
    reviewOf({
      ...pod,
      metadata: { ...pod.metadata, annotations: { ...pod.metadata?.annotations, ...annotations } },
    }),
  );
}

const many = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** Bodies that cost more than they look, each made when it is sent. */
export const hostileBodies: readonly (readonly [name: string, body: () => string])[] = [
  ['8 MiB of [', () => repeated('[')],
  ['8 MiB of {"a":', () => repeated('{"a":')],
  ['8 MiB of {},', () => `[${repeated('{},')}0]`],
  ['8 MiB of [],', () => `[${repeated('[],')}0]`],
  ['as many {}, as are parsed', () => beside(`[${repeated('{},', 3 * 460_000)}0]`)],
  ['as many keys as are parsed', () => beside(`{${numbered((text) => `"${text}a":0,`, 1_750_000)}"a":0}`)],
  ['as many shapes as are parsed', () => beside(`[${numbered((text) => `{"${text}a":0},`, 1_500_000)}0]`)],
  ['as many texts as are parsed', () => beside(`[${numbered((text) => `"${text}",`, 3_600_000)}0]`)],
  ['8 MiB of different keys', () => `{${numbered((text) => `"${text}a":0,`)}"a":0}`],
  ['8 MiB of objects of different keys', () => `[${numbered((text) => `{"${text}a":0},`)}0]`],
  ['8 MiB of one key', () => `{${repeated('"a":0,')}"a":0}`],
  ['8 MiB of numbers as keys', () => `{${numbered((text) => `"${parseInt(text, 36)}":0,`)}"a":0}`],
  ['8 MiB of 1,', () => `[${repeated('1,')}0]`],
  ['8 MiB of 0.5,', () => beside(`[${repeated('0.5,', 8_000_000)}0]`)],
  ['8 MiB of nines', () => beside(repeated('9'))],
  ['8 MiB of escapes', () => beside(`"${repeated('\\u0041')}"`)],
  ['8 MiB of one text beyond Latin-1', () => beside(`"${'a'.repeat(bytes - 1000)}一"`)],
  ['8 MiB of blanks', () => `${repeated(' ')}0`],
  ['8 MiB that are not UTF-8', () => `${repeated('a')}\u{10000}`],
  ['nesting as deep as is parsed', () => beside(`${'['.repeat(10_000)}${']'.repeat(10_000)}`)],
  ['200 KB of here-documents', () => withCommand(repeated('a <<E ', 200_000))],
  ['200 KB of "$(', () => withCommand(repeated('"$(', 200_000))],
  ['60 KB of $(', () => withCommand(repeated('$( ', 60_000))],
  ['60 KB of here-documents to sh -c', () => withShell(repeated('a <<E ', 60_000))],
  ['60 KB of ( that call bitfusion', () => withShell(`bitfusion run -n 1 x; ${repeated('( ', 60_000)}`)],
  ['a command of 3 MB', () => withCommand(`bitfusion ${repeated('x ', 3_000_000)}`)],
  [
    'a command of 3 MB in a container that is only named',
    () =>
      withAnnotations(
        { 'auto-management/bitfusion': 'injection', 'bitfusion-client/containers': 'named' },
        { name: 'named', image: 'x', command: ['sh', '-c', `bitfusion run ${repeated('a;', 3_000_000)}`] },
      ),
  ],
  [
    '200,000 annotations',
    () => withAnnotations(Object.fromEntries(many(200_000, (index) => [`a.example/${index}`, 'x']))),
  ],
  ['a filter of 1 MB', () => withAnnotations({ 'bitfusion-client/filter': repeated('a=1 ', 1_000_000) })],
  [
    '60,000 variables',
    () =>
      JSON.stringify(
        reviewOf(
          gpuPod('all', {
            ...gpuContainer,
            env: many(60_000, (index) => ({ name: `VAR_${index}`, value: 'x' })),
          }),
        ),
      ),
  ],
  [
    '3,000 containers that ask for GPUs',
    () => {
      const containers = many(3000, (index) => ({ ...gpuContainer, name: `train-${index}` }));
      const pod = gpuPod();
      return JSON.stringify(reviewOf({ ...pod, spec: { containers } }));
    },
  ],
  [
    'a quantity of 1 MB',
    () =>
      JSON.stringify(
        reviewOf(
          gpuPod('all', {
            ...gpuContainer,
            resources: { limits: { 'bitfusion.io/gpu-memory': repeated('9', 1_000_000) } },
          }),
        ),
      ),
  ],
];
