import fc from 'fast-check';

/** A container as far as units are counted in it. */
export interface ArbitraryContainer {
  readonly name: string;
  readonly image: string;
  readonly restartPolicy?: 'Always';
  readonly resources: { readonly limits: Readonly<Record<string, string>> };
}

export interface ArbitraryPodSpec {
  readonly initContainers: readonly ArbitraryContainer[];
  readonly containers: readonly ArbitraryContainer[];
}

const often = (arbitrary: fc.Arbitrary<string>) => ({ weight: 40, arbitrary });
const amount = fc.oneof(often(fc.integer({ min: 1, max: 3 }).map(String)), fc.constantFrom('0', '1e3'));
const percent = fc.oneof(often(fc.integer({ min: 1, max: 100 }).map(String)), fc.constantFrom('0', '101'));
const memory = fc.oneof(
  often(fc.integer({ min: 1, max: 16_100 }).map((megabytes) => `${megabytes}M`)),
  fc.integer({ min: 1, max: 14 }).map((gibibytes) => `${gibibytes}Gi`),
  fc.constantFrom('1', '16G', '16000000001', '1500k', '0'),
);

const optional = { freq: 6 } as const;

/** What containers ask for, now and then against the rules. */
const request = fc.record(
  {
    'bitfusion.io/gpu-amount': fc.option(amount, { ...optional, nil: undefined }),
    'bitfusion.io/gpu-num': fc.option(amount, { freq: 1, nil: undefined }),
    'bitfusion.io/gpu-percent': fc.option(percent, { freq: 1, nil: undefined }),
    'bitfusion.io/gpu-memory': fc.option(memory, { freq: 1, nil: undefined }),
  },
  { noNullPrototype: true },
);

const share = fc.oneof(
  fc.record({ 'bitfusion.io/gpu-amount': amount }, { noNullPrototype: true }),
  fc.record(
    { 'bitfusion.io/gpu-amount': amount, 'bitfusion.io/gpu-percent': percent },
    { noNullPrototype: true },
  ),
  fc.record(
    { 'bitfusion.io/gpu-amount': amount, 'bitfusion.io/gpu-memory': memory },
    { noNullPrototype: true },
  ),
);

/** As the webhook leaves it. */
const units = fc.record(
  { 'bitfusion.io/gpu': fc.integer({ min: 0, max: 900 }).map(String) },
  { noNullPrototype: true },
);

const limits: fc.Arbitrary<Readonly<Record<string, string>>> = fc
  .oneof(
    { weight: 4, arbitrary: share },
    { weight: 2, arbitrary: units },
    { weight: 2, arbitrary: fc.constant({ cpu: '1' }) },
    { weight: 1, arbitrary: request },
  )
  .map(
    (list) =>
      Object.fromEntries(Object.entries(list).filter(([, value]) => value !== undefined)) as Record<
        string,
        string
      >,
  );

const containers = (minLength: number, maxLength: number): fc.Arbitrary<readonly ArbitraryContainer[]> =>
  fc
    .array(limits, { minLength, maxLength })
    .map((lists) =>
      lists.map((list, index) => ({ name: `c${index}`, image: 'busybox', resources: { limits: list } })),
    );

/** A pod's spec with up to 5 init containers, sidecars among them, and up to 3 containers. */
export const arbitraryGpuSpec: fc.Arbitrary<ArbitraryPodSpec> = fc
  .tuple(containers(0, 5), fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }), containers(1, 3))
  .map(([init, sidecars, app]) => ({
    initContainers: init.map((container, index) => ({
      ...container,
      name: `i${index}`,
      ...(sidecars[index] === true ? { restartPolicy: 'Always' as const } : {}),
    })),
    containers: app,
  }));
