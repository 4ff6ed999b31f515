/** Powers of ten by suffix, from https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/. */
export const decimalExponentOf: ReadonlyMap<string, number> = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
]);

/** Powers of two by suffix. There is no suffix for fractions and, unlike `k`, kibi is written with a capital. */
export const binaryExponentOf: ReadonlyMap<string, number> = new Map([
  ['Ki', 10],
  ['Mi', 20],
  ['Gi', 30],
  ['Ti', 40],
  ['Pi', 50],
  ['Ei', 60],
]);

export const decimalSuffixOf: ReadonlyMap<number, string> = new Map(
  Array.from(decimalExponentOf, ([suffix, exponent]) => [exponent, suffix]),
);

/** Suffixes by the number of times 1024 was divided out; the empty one stands for none. */
export const binarySuffixes: readonly string[] = ['', ...binaryExponentOf.keys()];
